import Database
public import SurveillanceKit

/// Which accounts are looked for.
public struct AccountQuery: Hashable, Sendable {
    /// Stands in the name or in the name that pages show, whatever the case; empty for all.
    public var text: String
    public var role: Role?
    public var isDisabled: Bool?
    /// The account behind which the page begins.
    public var after: String?
    public var limit: Int

    public static let usualLimit = 50
    public static let mostListed = 200

    public init(
        text: String = "", role: Role? = nil, isDisabled: Bool? = nil, after: String? = nil,
        limit: Int = AccountQuery.usualLimit
    ) {
        self.text = text
        self.role = role
        self.isDisabled = isDisabled
        self.after = after
        self.limit = limit
    }
}

/// An account as those see it who keep accounts.
public struct ListedAccount: Hashable, Sendable {
    public var account: Account
    public var hasSecondFactor: Bool
    /// nil where it has never signed in.
    public var lastSignInAt: Instant?

    public init(account: Account, hasSecondFactor: Bool, lastSignInAt: Instant?) {
        self.account = account
        self.hasSecondFactor = hasSecondFactor
        self.lastSignInAt = lastSignInAt
    }
}

/// A page of accounts, by name.
public struct AccountListing: Sendable {
    public var items: [ListedAccount]
    /// How many there are on all pages.
    public var total: Int
    /// The last name of the page, where another one follows.
    public var next: String?

    public init(items: [ListedAccount], total: Int, next: String?) {
        self.items = items
        self.total = total
        self.next = next
    }
}

extension AccountStore {
    private static let listed = """
        SELECT a.*, (SELECT count(*) FROM second_factor AS f WHERE f.account = a.key)
            + (SELECT count(*) FROM account_certificate AS c WHERE c.account = a.key) AS factors FROM account AS a
        """

    private static func listed(_ row: Row) throws -> ListedAccount {
        let factors: Int = try row["factors"]
        return ListedAccount(
            account: try Account(row: row), hasSecondFactor: factors > 0,
            lastSignInAt: try row.instantIfAny("last_sign_in_at"))
    }

    /// Every account with its second factor and its last sign-in, by name.
    public func overview() async throws -> [ListedAccount] {
        try await database.read { try $0.rows("\(Self.listed) ORDER BY a.key").map(Self.listed) }
    }

    /// A page of those that a query asks for. Hospitals' accounts are many: they are listed where a text or their role asks for them.
    public func page(_ query: AccountQuery) async throws -> AccountListing {
        var conditions = ["a.removed_at IS NULL"]
        var values: [SQLValue] = []
        if let role = query.role {
            conditions.append("a.role = ?")
            values.append(.text(role.rawValue))
        } else if query.text.isEmpty {
            conditions.append("a.role <> 'institution'")
        }
        if let isDisabled = query.isDisabled {
            conditions.append("a.is_disabled = ?")
            values.append(SQLValue(isDisabled))
        }
        let condition = conditions.joined(separator: " AND ")
        let wanted = query.text.lowercased()
        @Sendable func matches(_ row: Row) throws -> Bool {
            guard !wanted.isEmpty else { return true }
            let (name, display): (String, String) = (try row["name"], try row["display_name"])
            return name.lowercased().contains(wanted) || display.lowercased().contains(wanted)
        }
        let after = query.after.flatMap(AccountKey.init)?.text
        return try await database.read { [condition, values, limit = query.limit] connection in
            var total = 0
            try connection.forEachRow(
                "SELECT a.name, a.display_name FROM account AS a WHERE \(condition)", values
            ) { if try matches($0) { total += 1 } }
            let later = after == nil ? "" : " AND a.key > ?"
            var items: [ListedAccount] = []
            try connection.forEachRow(
                "\(Self.listed) WHERE \(condition)\(later) ORDER BY a.key", values + (after.map { [.text($0)] } ?? [])
            ) { if items.count <= limit, try matches($0) { items.append(try Self.listed($0)) } }
            let hasMore = items.count > limit
            if hasMore { items.removeLast() }
            return AccountListing(items: items, total: total, next: hasMore ? items.last?.account.name : nil)
        }
    }
}
