#include <spawn.h>

/* Functions of glibc that its headers show only to programs that ask for GNU's own; Swift's module does not. */
int memfd_create(const char *name, unsigned int flags);
int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
