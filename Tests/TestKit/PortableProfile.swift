import Foundation

/// What SQL may hold that is to run on every engine; `docs/decisions/0013-records-that-remember.md` says why.
public enum PortableProfile {
    private static let refused: [(pattern: String, words: String)] = [
        (#"insert\s+or\b"#, "INSERT OR"), (#"\breplace\s+into\b"#, "REPLACE INTO"), (#"\bpragma\b"#, "PRAGMA"),
        (#"\bautoincrement\b"#, "AUTOINCREMENT"), (#"\b_?rowid\b"#, "rowid"), (#"\bsqlite_"#, "SQLite's own tables"),
        (#"\bglob\b"#, "GLOB"), (#"\bifnull\s*\("#, "ifnull; say coalesce"),
        (#"\b(strftime|julianday|unixepoch)\s*\("#, "SQLite's dates"), (#"\bnow\s*\("#, "the engine's clock"),
        (#"\b(vacuum|attach|detach|reindex)\b"#, "maintenance"), (#"\b(listen|notify)\b"#, "LISTEN/NOTIFY"),
        (#"pg_advisory"#, "advisory locks"), (#"\bserializable\b"#, "SERIALIZABLE"),
        (#"\bmax\s*\([^)]*\)\s*(,\s*0\s*\))?\s*\+\s*1"#, "max + 1 as an identity"),
        (#"\bon\s+conflict\s+(do|on)\b"#, "ON CONFLICT without a target"), (#"`|\[[a-z_]+\]"#, "quotes of one engine"),
        (#"\blimit\s+\S+\s*,"#, "LIMIT a, b"), (#"=="#, "=="), (#"\bindexed\s+by\b"#, "INDEXED BY"),
    ]

    /// Types that columns may have: the driver's own name for bytes, and for the number that finds a row, among them.
    private static let types: Set<String> = ["text", "bigint", "double", "blob", "bytea", "?"]

    /// What of a statement is outside of the profile; nil where nothing is.
    public static func refusal(of sql: String) -> String? {
        // What stands in quotes is text; what follows `--` is for people. The driver's own way to say "in the order of its key".
        var lines: [String] = []
        for line in sql.split(separator: "\n") {
            let end = line.range(of: "--")?.lowerBound ?? line.endIndex
            lines.append(String(line[..<end]))
        }
        let plain = lines.joined(separator: " ")
            .replacingOccurrences(of: "'[^']*'", with: "''", options: .regularExpression)
            .replacingOccurrences(of: " WITHOUT ROWID", with: "").lowercased()
        for (pattern, words) in refused where plain.range(of: pattern, options: .regularExpression) != nil {
            return words
        }
        guard plain.hasPrefix("create table") || plain.contains("add column") else { return nil }
        return column(of: plain)
    }

    /// A column of a type that not every engine has.
    private static func column(of statement: String) -> String? {
        let columns: [Substring]
        if let added = statement.range(of: "add column") {
            columns = [statement[added.upperBound...]]
        } else {
            guard let open = statement.firstIndex(of: "("), let close = statement.lastIndex(of: ")") else { return nil }
            columns = parts(statement[statement.index(after: open)..<close])
        }
        for column in columns {
            let words = column.split(separator: " ")
            guard words.count > 1, !["primary", "unique", "check", "foreign", "constraint"].contains(words[0]) else {
                continue
            }
            let isNumber = words.dropFirst().prefix(3).elementsEqual(["integer", "primary", "key"])
            if !isNumber, !types.contains(String(words[1])) { return "a column of type \(words[1])" }
        }
        return nil
    }

    /// What stands between commas that no parentheses hold.
    private static func parts(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var (depth, start) = (0, text.startIndex)
        for index in text.indices {
            switch text[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth == 0:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
        }
        return parts + [text[start...]]
    }
}
