public import Database

extension SubmissionLog {
    /// The tables of this room. File names are sealed; `idempotency.key` is a keyed code; moments are
    /// milliseconds since 1970-01-01 UTC (`StoredMilliseconds.swift`).
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
            id: "intake-2",
            statements: [
                // 1 where the bytes were removed because their time was over: what still lies in the spool then may go.
                "ALTER TABLE submission ADD COLUMN is_expired BIGINT NOT NULL DEFAULT 0",
                // Until now only an upload that had failed could lose its bytes in another way.
                "UPDATE submission SET is_expired = 1 WHERE is_kept = 0 AND state <> 'failed'",
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
        // Every arrival is a submission of its own, also with bytes that were received before.
        Migration(
            id: "intake-packages",
            statements: [
                "DROP INDEX submission_same",
                "ALTER TABLE submission DROP COLUMN same_name",
                "CREATE INDEX submission_bytes ON submission (institution, sm3, size, sequence)",
                "CREATE INDEX submission_arrival ON submission (institution, sequence)",
                // The last earlier submission of the institution with the same bytes.
                "ALTER TABLE submission ADD COLUMN same_bytes_as TEXT",
                // What storing its rows came to the last time: null while it waits, and before this was counted.
                "ALTER TABLE submission ADD COLUMN records_added BIGINT",
                "ALTER TABLE submission ADD COLUMN records_changed BIGINT",
                "ALTER TABLE submission ADD COLUMN records_unchanged BIGINT",
                // Of a package that came as several files, the files with their digests: sealed JSON.
                "ALTER TABLE submission ADD COLUMN contents BLOB",
                // Rows that stand but for a parent that has not come yet.
                """
                CREATE TABLE waiting_rows (
                    submission TEXT NOT NULL REFERENCES submission,
                    position BIGINT NOT NULL,
                    program TEXT NOT NULL,
                    file_type TEXT NOT NULL,
                    row_count BIGINT NOT NULL,
                    -- The file types of which one has the parent, with a blank between them.
                    parents TEXT NOT NULL,
                    until BIGINT NOT NULL,
                    PRIMARY KEY (submission, position)
                )
                """,
                """
                CREATE TABLE awaited_parents (
                    submission TEXT PRIMARY KEY REFERENCES submission,
                    institution TEXT NOT NULL,
                    until BIGINT NOT NULL,
                    -- Eight bytes a parent: a hash of its key as the line list has it.
                    keys BLOB NOT NULL
                )
                """,
                "CREATE INDEX awaited_parents_institution ON awaited_parents (institution, until)",
            ]),
        Migration(
            id: "intake-withdrawals",
            statements: [
                "ALTER TABLE submission ADD COLUMN withdrawn_at BIGINT",
                // Sealed: who writes it may name a patient.
                "ALTER TABLE submission ADD COLUMN withdraw_reason BLOB",
                // How many records are as before, and how many are gone: null until the line list has taken them back.
                "ALTER TABLE submission ADD COLUMN records_returned BIGINT",
                "ALTER TABLE submission ADD COLUMN records_removed BIGINT",
            ]),
        // Numbers that are given out once.
        Migration(
            id: "intake-counters",
            statements: [
                "CREATE TABLE intake_counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
                "INSERT INTO intake_counter (name, value) SELECT 'submission', coalesce(max(sequence), 0) FROM submission",
            ]),
        Migration(
            id: "intake-withdrawn-records",
            // How many records its rows withdrew: null while it waits, and before this was counted.
            statements: ["ALTER TABLE submission ADD COLUMN records_withdrawn BIGINT"]),
        // Who processes a submission, and until when that holds without being renewed; one of an institution at a time.
        Migration(
            id: "intake-claims",
            statements: [
                "ALTER TABLE submission ADD COLUMN claimed_by TEXT",
                "ALTER TABLE submission ADD COLUMN claimed_until BIGINT",
                "CREATE UNIQUE INDEX submission_claim ON submission (institution) WHERE state = 'processing'",
            ]),
        // What a submission of correction forms corrects, and by what one was corrected until nothing was open.
        Migration(
            id: "intake-repairs",
            statements: [
                "ALTER TABLE submission ADD COLUMN repairs TEXT",
                "ALTER TABLE submission ADD COLUMN repaired_by TEXT",
                "CREATE INDEX submission_repairs ON submission (repairs)",
                "CREATE INDEX submission_repaired_by ON submission (repaired_by)",
            ]),
        // Who looked at the warnings, and why they are as they are; the reason is sealed, as that of a withdrawal.
        Migration(
            id: "intake-acknowledgements",
            statements: [
                "ALTER TABLE submission ADD COLUMN acknowledged_at BIGINT",
                "ALTER TABLE submission ADD COLUMN acknowledged_by TEXT",
                "ALTER TABLE submission ADD COLUMN acknowledge_reason BLOB",
            ]),
        // What is worth knowing of a file and is no finding: JSON that names dictionaries alone. Null where there is nothing.
        Migration(
            id: "intake-file-notes",
            statements: ["ALTER TABLE submitted_file ADD COLUMN notes TEXT"]),
    ]
}
