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
        // Second factors, sign-ins that need more than a password, and when an account has signed in.
        Migration(
            id: "accounts-5",
            statements: [
                """
                CREATE TABLE second_factor (
                    account TEXT PRIMARY KEY REFERENCES account (key), secret BLOB NOT NULL, set_up_at BIGINT NOT NULL,
                    -- The step of the last code that was right: none counts twice.
                    last_step BIGINT NOT NULL, failures BIGINT NOT NULL, failed_at BIGINT NOT NULL)
                """,
                """
                CREATE TABLE recovery_code (
                    account TEXT NOT NULL REFERENCES account (key), digest TEXT NOT NULL, used_at BIGINT,
                    PRIMARY KEY (account, digest))
                """,
                """
                CREATE TABLE unfinished_sign_in (
                    digest TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (key),
                    password_version BIGINT NOT NULL, began_at BIGINT NOT NULL,
                    -- Whether the second factor was given; and the sealed secret of one that is being set up.
                    is_proved BIGINT NOT NULL, secret BLOB)
                """,
                "CREATE INDEX unfinished_sign_in_account ON unfinished_sign_in (account)",
                "ALTER TABLE account ADD COLUMN must_change_password BIGINT NOT NULL DEFAULT 0",
                // The telephone as digits alone, where it is a mobile number, by which its owner signs in.
                "ALTER TABLE account ADD COLUMN mobile TEXT", "CREATE INDEX account_mobile ON account (mobile)",
                "ALTER TABLE account ADD COLUMN last_sign_in_at BIGINT",
                "ALTER TABLE account ADD COLUMN last_sign_in_from TEXT",
                "ALTER TABLE account ADD COLUMN earlier_sign_in_at BIGINT",
                "ALTER TABLE account ADD COLUMN earlier_sign_in_from TEXT",
            ]),
        // What colleagues may do for their institution, and since when they were removed.
        Migration(
            id: "accounts-7",
            statements: [
                "ALTER TABLE account ADD COLUMN rights TEXT", "ALTER TABLE account ADD COLUMN removed_at BIGINT",
            ]),
        // SM2 certificates of administrators, and what their keys are to sign.
        Migration(
            id: "accounts-certificates",
            statements: [
                """
                CREATE TABLE account_certificate (
                    account TEXT PRIMARY KEY REFERENCES account (key),
                    -- In PEM: the certificate, and behind it authorities.
                    chain TEXT NOT NULL, fingerprint TEXT NOT NULL, public_key TEXT NOT NULL UNIQUE,
                    registered_at BIGINT NOT NULL)
                """,
                "ALTER TABLE unfinished_sign_in ADD COLUMN challenge TEXT",
                "ALTER TABLE unfinished_sign_in ADD COLUMN challenge_at BIGINT",
            ]),
        Migration(id: "accounts-6") { transaction in
            for row in try transaction.rows("SELECT key, phone FROM account WHERE phone IS NOT NULL") {
                let (key, phone): (String, String) = (try row[0], try row[1])
                guard let number = PhoneNumber(phone) else { continue }
                try transaction.execute(
                    "UPDATE account SET mobile = ? WHERE key = ?", [.text(number.national), .text(key)])
            }
        },
    ]
}
