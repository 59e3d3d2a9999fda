import Audit
public import Database

extension Migration {
    /// The tables of this room. Tokens of sessions and programs are kept as SM3 digests alone, moments in seconds
    /// since 1970-01-01 UTC (`StoredSeconds.swift`).
    public static let accounts = [
        Migration(
            id: "accounts-1",
            statements: [
                """
                CREATE TABLE account (
                    key TEXT PRIMARY KEY, name TEXT NOT NULL, display_name TEXT NOT NULL, role TEXT NOT NULL,
                    institution TEXT, is_disabled BIGINT NOT NULL, password TEXT NOT NULL,
                    password_version BIGINT NOT NULL, created_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE session (
                    digest TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (key), began_at BIGINT NOT NULL,
                    seen_at BIGINT NOT NULL)
                """,
                "CREATE INDEX session_account ON session (account)",
                "CREATE INDEX session_began_at ON session (began_at)",
                """
                CREATE TABLE api_token (
                    id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, account TEXT NOT NULL REFERENCES account (key),
                    label TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT, revoked_at BIGINT)
                """,
                "CREATE INDEX api_token_account ON api_token (account)",
                AuditTrail.table,
            ]),
        // Provincial accounts from before have no region and see nothing until they are given one.
        Migration(id: "accounts-2", statements: ["ALTER TABLE account ADD COLUMN region TEXT"]),
        Migration(
            id: "accounts-3",
            statements: [
                """
                CREATE TABLE sign_in_lock (
                    account TEXT NOT NULL REFERENCES account (key), address TEXT NOT NULL, failures BIGINT NOT NULL,
                    -- The last failure: seconds since the machine's start of that name, and by the calendar.
                    boot TEXT NOT NULL, failed_ticks BIGINT NOT NULL, failed_at BIGINT NOT NULL,
                    PRIMARY KEY (account, address))
                """,
                // Where an account has signed in before.
                """
                CREATE TABLE sign_in_place (
                    account TEXT NOT NULL REFERENCES account (key), address TEXT NOT NULL, at BIGINT NOT NULL,
                    PRIMARY KEY (account, address))
                """,
                "ALTER TABLE api_token ADD COLUMN used_at BIGINT",
            ]),
        // What an account's owner says of himself, and where a session began.
        Migration(
            id: "accounts-4",
            statements: [
                "ALTER TABLE account ADD COLUMN phone TEXT", "ALTER TABLE account ADD COLUMN mail TEXT",
                "ALTER TABLE account ADD COLUMN language TEXT", "ALTER TABLE session ADD COLUMN address TEXT",
            ]),
    ]
}
