#include <sqlite3.h>

// sqlite3_db_config takes a variable number of arguments, which Swift does not import. With this set, closing the connection leaves the
// write-ahead log as it is.
static inline int vedette_sqlite3_keep_log(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
