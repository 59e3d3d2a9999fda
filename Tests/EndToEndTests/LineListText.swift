import Database
import Foundation

/// The line list as text, read as any SQL tool would.
enum LineListText {
    static func read(_ database: any SQLDatabase) throws -> [String] {
        try database.readBlocking { connection in
            var lines: [String] = []
            for name in try connection.tableNames().sorted() {
                let columns = try connection.statement("SELECT * FROM \"\(name)\" LIMIT 0").columnNames
                guard columns.contains("_since") else { continue }
                try connection.forEachRow("SELECT * FROM \"\(name)\" ORDER BY _record") { row in
                    // Ids and the submission's number differ from run to run; everything else must not.
                    let kept = zip(row.columnNames, row.values).filter {
                        !["_record", "_institution", "_submission", "_since"].contains($0.0)
                            && !isPseudonym($0.1)
                    }
                    lines.append(name + " " + kept.map { "\($0.0)=\($0.1)" }.joined(separator: " "))
                }
            }
            return lines.sorted()
        }
    }

    /// Pseudonyms depend on the deployment's own key.
    private static func isPseudonym(_ value: SQLValue) -> Bool {
        switch value {
        case .blob(let bytes): bytes.count == 16
        case .text(let text): text.utf8.count == 32 && text.allSatisfy(\.isHexDigit)
        default: false
        }
    }
}
