// Debian's libxml2 knows ICU, whose headers contradict those that Foundation brings. Nothing that is used here depends on it.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
