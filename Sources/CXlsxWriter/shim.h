#include <xlsxwriter.h>

/* A function of glibc that its headers show only to programs that ask for GNU's own. */
int memfd_create(const char *name, unsigned int flags);
