#include <sqlite3.h>

// sqlite3_db_config takes a variable number of arguments, which Swift does not import. With this set, closing the connection leaves the
// write-ahead log as it is.
static inline int vedette_sqlite3_keep_log(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

// sqlite3_config takes a variable number of arguments, too. SQLite keeps no count of the memory that it has, for which it would lock a mutex of
// the whole process at every allocation; before the first connection is opened. Source: sqlite.org/compile.html, "Recommended
// Compile-time Options".
static inline int vedette_sqlite3_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

// Of Linux, declared by fcntl.h for _GNU_SOURCE alone, which Swift does not set: begins to write the dirty pages of a file (all of it for
// length 0), and waits for nothing. Source: sync_file_range(2).
extern int sync_file_range(int file, long offset, long length, unsigned int flags);
static inline int vedette_start_writing(int file) { return sync_file_range(file, 0, 0, 2 /* SYNC_FILE_RANGE_WRITE */); }
