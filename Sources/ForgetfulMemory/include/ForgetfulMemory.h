/// Memory that does not remember: what is given back is overwritten before anybody else gets it.
///
/// A server reads rows that name patients. They are gone from its variables soon, but the C library leaves what was freed as it was
/// until it is given out anew, which may be never. With this, no buffer, string or library's copy outlives its use, and no owner of
/// one needs to think of it.
#ifndef FORGETFUL_MEMORY_H
#define FORGETFUL_MEMORY_H

/// From now on and for good, what any part of this process frees is overwritten. Until it is called, nothing is: it costs a branch.
///
/// Does nothing in a build with a sanitizer, which brings an allocator of its own.
void forgetful_memory_begin(void);

/// Overwrites what earlier calls left on this thread's stack, below the caller.
///
/// To be called where a thread has done its piece of work and will wait for the next. Does nothing before `forgetful_memory_begin`.
void forgetful_memory_wipe_stack(void);

/// Keeps this process's memory from core dumps, and from every other process but root's.
void forgetful_memory_hide(void);

#endif
