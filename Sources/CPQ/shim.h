#include <postgresql/libpq-fe.h>

// Letters of PG_DIAG_…, which are macros over characters that Swift does not import.
static const int vedette_pq_sqlstate = 'C';
static const int vedette_pq_primary = 'M';
static const int vedette_pq_table = 't';
static const int vedette_pq_column = 'c';
static const int vedette_pq_constraint = 'n';
