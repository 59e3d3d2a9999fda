import Database

extension SubmissionLog {
    /// The tables of this room. File names are sealed; `same_name` and `idempotency.key` are keyed codes.
    public static let migrations = [
        Migration(
            id: "intake-1",
            statements: [
                """
                CREATE TABLE submission (
                    id TEXT PRIMARY KEY,
                    -- The order of arrival.
                    sequence BIGINT NOT NULL UNIQUE,
                    institution TEXT NOT NULL,
                    account TEXT NOT NULL,
                    file_name BLOB NOT NULL,
                    size BIGINT NOT NULL,
                    sm3 TEXT NOT NULL,
                    received_at BIGINT NOT NULL,
                    state TEXT NOT NULL CHECK (state IN
                        ('received', 'processing', 'accepted', 'partly-accepted', 'rejected', 'failed')),
                    finished_at BIGINT,
                    reason_zh TEXT,
                    reason_en TEXT,
                    -- How often processing has begun, ever, and since the last retry.
                    attempt BIGINT NOT NULL,
                    tries BIGINT NOT NULL,
                    -- When processing may begin, after a try that went wrong.
                    not_before BIGINT NOT NULL,
                    -- 1 while the bytes are in the spool.
                    is_kept BIGINT NOT NULL,
                    -- What the same bytes must be called to be the same upload; null where this one is none to be recognised.
                    same_name TEXT
                )
                """,
                "CREATE UNIQUE INDEX submission_same ON submission (institution, sm3, size, same_name)",
                "CREATE INDEX submission_state ON submission (state, sequence)",
                "CREATE INDEX submission_institution ON submission (institution, state, sequence)",
                """
                CREATE TABLE submitted_file (
                    submission TEXT NOT NULL REFERENCES submission,
                    position BIGINT NOT NULL,
                    name BLOB NOT NULL,
                    program TEXT,
                    file_type TEXT,
                    row_count BIGINT NOT NULL,
                    accepted BIGINT NOT NULL,
                    rejected BIGINT NOT NULL,
                    errors BIGINT NOT NULL,
                    warnings BIGINT NOT NULL,
                    PRIMARY KEY (submission, position)
                )
                """,
                """
                CREATE TABLE idempotency (
                    institution TEXT NOT NULL,
                    key TEXT NOT NULL,
                    submission TEXT NOT NULL REFERENCES submission,
                    PRIMARY KEY (institution, key)
                )
                """,
            ]),
        Migration(
            id: "intake-institutions",
            statements: [
                """
                CREATE TABLE institution (
                    code TEXT PRIMARY KEY,
                    -- Six digits of GB/T 2260, as the register has them.
                    region TEXT NOT NULL
                )
                """,
                "CREATE INDEX institution_region ON institution (region)",
            ]),
    ]
}
