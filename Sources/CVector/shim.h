#ifdef __x86_64__
#include <emmintrin.h>
#endif
