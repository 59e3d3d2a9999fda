public import Database

extension Migration {
    /// The tables of this room. Moments are milliseconds since 1970-01-01 UTC; what names a person is sealed.
    public static let registrations = [
        Migration(
            id: "registrations-1",
            statements: [
                """
                CREATE TABLE application (
                    id TEXT PRIMARY KEY,
                    -- By which the applicant's number is found again; the number itself is in the body.
                    phone_key TEXT NOT NULL UNIQUE,
                    state TEXT NOT NULL CHECK (state IN ('draft', 'waiting', 'refused', 'approved')),
                    -- Raised by every change: a reviewer decides about what he has seen.
                    revision BIGINT NOT NULL,
                    -- The first two digits of the region, for the queue.
                    province TEXT NOT NULL,
                    -- The sealed form.
                    body BLOB NOT NULL,
                    created_at BIGINT NOT NULL,
                    changed_at BIGINT NOT NULL,
                    submitted_at BIGINT NOT NULL,
                    decided_at BIGINT NOT NULL,
                    decided_by TEXT,
                    -- Sealed, why it was refused, field by field.
                    reasons BLOB,
                    -- The code of the institution and the name of the account that came of it.
                    institution TEXT,
                    account TEXT
                )
                """,
                "CREATE INDEX application_queue ON application (state, province, submitted_at)",
                """
                CREATE TABLE application_file (
                    -- Also the name of the sealed file.
                    id TEXT PRIMARY KEY,
                    application TEXT NOT NULL REFERENCES application,
                    kind TEXT NOT NULL,
                    -- What it really is: application/pdf, image/jpeg, image/png.
                    media_type TEXT NOT NULL,
                    size BIGINT NOT NULL,
                    pages BIGINT NOT NULL,
                    sm3 TEXT NOT NULL,
                    uploaded_at BIGINT NOT NULL,
                    -- 0 while it counts. Earlier files are kept.
                    replaced_at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX application_file_application ON application_file (application)",
                """
                CREATE TABLE applicant_session (
                    digest TEXT PRIMARY KEY,
                    application TEXT NOT NULL REFERENCES application,
                    began_at BIGINT NOT NULL,
                    seen_at BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE phone_code (
                    id TEXT PRIMARY KEY,
                    phone_key TEXT NOT NULL,
                    purpose TEXT NOT NULL,
                    session TEXT NOT NULL,
                    address TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    sent_at BIGINT NOT NULL,
                    tries BIGINT NOT NULL,
                    -- 0 until it was given back rightly.
                    used_at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX phone_code_phone ON phone_code (phone_key, sent_at)",
                "CREATE INDEX phone_code_address ON phone_code (address, sent_at)",
                "CREATE INDEX phone_code_sent_at ON phone_code (sent_at)",
                // Of two requests for one number the later one counts the earlier one, whichever server takes it.
                "CREATE TABLE phone_code_gate (phone_key TEXT PRIMARY KEY, asked BIGINT NOT NULL)",
                """
                CREATE TABLE institution_version (
                    code TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    -- The register's entry as JSON.
                    body TEXT NOT NULL,
                    application TEXT,
                    made_by TEXT NOT NULL,
                    made_at BIGINT NOT NULL,
                    PRIMARY KEY (code, version)
                )
                """,
                """
                CREATE TABLE password_link (
                    digest TEXT PRIMARY KEY,
                    account TEXT NOT NULL,
                    made_at BIGINT NOT NULL,
                    ends_at BIGINT NOT NULL,
                    used_at BIGINT NOT NULL
                )
                """,
            ]),
        // What one security administrator asks for and another confirms.
        Migration(
            id: "registrations-2",
            statements: [
                """
                CREATE TABLE account_request (
                    id TEXT PRIMARY KEY, kind TEXT NOT NULL, account TEXT NOT NULL, display_name TEXT NOT NULL,
                    role TEXT NOT NULL, region TEXT, phone TEXT NOT NULL, mail TEXT NOT NULL,
                    -- What the account held when it was asked for.
                    held TEXT NOT NULL,
                    asked_by TEXT NOT NULL, asked_at BIGINT NOT NULL, state TEXT NOT NULL, decided_by TEXT,
                    decided_at BIGINT)
                """
            ]),
        // The first of two approvals, and what it has seen.
        Migration(
            id: "registrations-3",
            statements: [
                "ALTER TABLE application ADD COLUMN first_approved_by TEXT",
                "ALTER TABLE application ADD COLUMN first_approved_revision BIGINT",
            ]),
        // What a virus scanner said of a file when it came.
        Migration(
            id: "registrations-scans",
            statements: ["ALTER TABLE application_file ADD COLUMN scan TEXT NOT NULL DEFAULT 'no-scanner'"]),
        // Sealed scans that nothing refers to, or nothing yet: they are removed unless something does by then.
        Migration(
            id: "registrations-documents",
            statements: [
                "CREATE TABLE unreferenced_document (id TEXT PRIMARY KEY, since BIGINT NOT NULL)"
            ]),
        // The certificate that is asked for.
        Migration(
            id: "registrations-certificates", statements: ["ALTER TABLE account_request ADD COLUMN certificate TEXT"]),
        // Duplicates that count as another institution.
        Migration(
            id: "registrations-merges",
            statements: [
                """
                CREATE TABLE institution_merge (
                    turn BIGINT PRIMARY KEY,
                    duplicate TEXT NOT NULL,
                    kept TEXT NOT NULL,
                    last_day TEXT NOT NULL,
                    made_by TEXT NOT NULL,
                    made_at BIGINT NOT NULL,
                    undone_by TEXT,
                    -- 0 while it is in force.
                    undone_at BIGINT NOT NULL
                )
                """,
                // Of two at once the later one counts what the earlier one has done, whichever server takes it.
                "CREATE TABLE institution_merge_gate (id BIGINT PRIMARY KEY, turn BIGINT NOT NULL)",
                "INSERT INTO institution_merge_gate (id, turn) VALUES (1, 0)",
            ]),
    ]
}
