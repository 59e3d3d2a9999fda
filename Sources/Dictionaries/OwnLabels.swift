public import Database
import SurveillanceKit

/// What a column of a code file holds.
public enum CodeColumn: String, CaseIterable, Sendable {
    case code, name, nationalCode, nationalName
}

/// Under which labels an institution's own files have their columns, where those are no labels that everybody's may have.
public struct OwnLabels: Hashable, Sendable {
    public var labels: [CodeColumn: String]

    public init(_ labels: [CodeColumn: String] = [:]) { self.labels = labels.filter { !$0.value.isEmpty } }

    public var isEmpty: Bool { labels.isEmpty }

    /// These, and of the others what these do not say.
    public func over(_ others: OwnLabels) -> OwnLabels {
        OwnLabels(others.labels.merging(labels) { _, own in own })
    }
}

/// The labels that institutions have told once, remembered for their next files.
public enum OwnLabelStore {
    public static let migrations = [
        Migration(
            id: "dictionaries-3",
            statements: [
                """
                CREATE TABLE code_label (
                    institution TEXT NOT NULL,
                    category TEXT NOT NULL,
                    holds TEXT NOT NULL,
                    label TEXT NOT NULL,
                    PRIMARY KEY (institution, category, holds)
                )
                """
            ])
    ]

    public static func labels(
        of institution: String, in category: String, in connection: any Connection
    ) throws -> OwnLabels {
        var labels: [CodeColumn: String] = [:]
        let rows = try connection.rows(
            "SELECT holds, label FROM code_label WHERE institution = ? AND category = ?",
            [.text(institution), .text(category)])
        for row in rows {
            let (holds, label): (String, String) = (try row[0], try row[1])
            if let column = CodeColumn(rawValue: holds) { labels[column] = label }
        }
        return OwnLabels(labels)
    }

    /// What was told before about other columns stays.
    public static func remember(
        _ own: OwnLabels, of institution: String, in category: String, in transaction: any Transaction
    ) throws {
        for (column, label) in own.labels.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try transaction.execute(
                "DELETE FROM code_label WHERE institution = ? AND category = ? AND holds = ?",
                [.text(institution), .text(category), .text(column.rawValue)])
            try transaction.execute(
                "INSERT INTO code_label (institution, category, holds, label) VALUES (?, ?, ?, ?)",
                [.text(institution), .text(category), .text(column.rawValue), .text(label)])
        }
    }
}
