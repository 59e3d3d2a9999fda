#include <gcrypt.h>

// Swift does not import functions with a variable number of arguments.
static inline gcry_error_t vedette_gcry_control(enum gcry_ctl_cmds command) { return gcry_control(command, 0); }
