#define _GNU_SOURCE
#include "ForgetfulMemory.h"
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static atomic_bool is_forgetting;

void forgetful_memory_begin(void) {
    // Each arena keeps what its threads freed. With as many as glibc makes, eight a core, a package of half a million rows took from 240 to
    // 510 MB of memory at its peak; with two it takes 200, in the same time. Source: glibc manual, "Malloc Tunable Parameters".
    mallopt(M_ARENA_MAX, 2);
    atomic_store(&is_forgetting, 1);
}

void forgetful_memory_hide(void) { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static int forgets(void) { return atomic_load_explicit(&is_forgetting, memory_order_relaxed); }

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

// The executable's own `free` and `realloc` are those of the whole process, its libraries' included; glibc provides for this, and its own
// functions have second names. Source: glibc manual, "Replacing malloc"; malloc/malloc.c.
extern void __libc_free(void *memory);
extern void *__libc_realloc(void *memory, size_t size);

// A block with a mapping of its own, which goes with it. The bit stands below the length's, before the block.
// Source: glibc, malloc/malloc.c, IS_MMAPPED.
static int is_mapped(void *memory) { return (((size_t *)memory)[-1] & 2) != 0; }

void free(void *memory) {
    if (memory && forgets() && !is_mapped(memory)) explicit_bzero(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

// glibc's own moves a block and leaves the old one as it was.
void *realloc(void *memory, size_t size) {
    if (!memory || !size || !forgets() || is_mapped(memory)) {
        if (memory && !size && forgets()) {
            free(memory);
            return NULL;
        }
        return __libc_realloc(memory, size);
    }
    size_t held = malloc_usable_size(memory);
    if (size <= held && size >= held / 2) return memory;
    void *moved = malloc(size);
    if (!moved) return NULL;
    memcpy(moved, memory, size < held ? size : held);
    free(memory);
    return moved;
}

#endif

// Where this thread's stack ends; 0 before it is known, and where it is not asked for.
static _Thread_local uintptr_t stack_end;

static int find_stack_end(void) {
    pthread_attr_t attributes;
    void *start;
    size_t size;
    // The main thread's stack grows as it is used: there is no end to wipe to.
    if (gettid() == getpid() || pthread_getattr_np(pthread_self(), &attributes)) return 0;
    int failed = pthread_attr_getstack(&attributes, &start, &size);
    pthread_attr_destroy(&attributes);
    if (failed) return 0;
    stack_end = (uintptr_t)start;
    return 1;
}

__attribute__((noinline)) void forgetful_memory_wipe_stack(void) {
    if (!forgets()) return;
    int before = errno;
    if (stack_end || find_stack_end()) {
        uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
        // Below this function's own frame, and what the system may keep below that.
        uintptr_t top = (uintptr_t)__builtin_frame_address(0) - 512, edge = top & ~(page - 1);
        uintptr_t start = (stack_end + page - 1) & ~(page - 1);
        // Whole pages are given back and come again as zeros.
        if (edge > start) madvise((void *)start, edge - start, MADV_DONTNEED);
        for (volatile unsigned char *byte = (unsigned char *)edge; byte < (unsigned char *)top; byte++) *byte = 0;
    }
    errno = before;
}
