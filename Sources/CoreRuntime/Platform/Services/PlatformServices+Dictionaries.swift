import Accounts
import Audit
import Database
import Dictionaries
import Intake
import Portal
import SurveillanceKit
import Tabular

extension PlatformServices: DictionaryServices {
    func codeTables(of institution: String) async throws -> [CodeTable] {
        try await StorageFault.answered {
            try await platform.data.database.read { try DictionaryStore.tables(of: institution, in: $0) }
        }
    }

    func addCodeTable(
        _ upload: CodeTableUpload, by account: Account, from address: String
    ) async throws -> (table: CodeTable, warnings: [BilingualText]) {
        let (table, file) = try await read(upload, by: account)
        try await note("dictionary.upload", table, by: account, from: address) { transaction in
            try DictionaryStore.add(table, file.entries, in: transaction)
            try OwnLabelStore.remember(upload.own, of: table.institution, in: table.category, in: transaction)
            try recheck(table.category, of: table.institution, at: table.receivedAt, in: transaction)
            return true
        }
        await platform.workers.wake()
        return (table, file.warnings)
    }

    /// Reads a code file with the labels that its institution has told before, and makes a table of it that nothing keeps yet.
    func read(_ upload: CodeTableUpload, by account: Account) async throws -> (table: CodeTable, file: DictionaryFile) {
        let remembered = try await StorageFault.answered {
            try await platform.data.database.read {
                try OwnLabelStore.labels(of: upload.institution, in: upload.dictionary.id, in: $0)
            }
        }
        let file = try DictionaryFile(
            name: upload.fileName, source: BytesSource(upload.bytes), of: upload.dictionary,
            own: upload.own.over(remembered))
        let moment = now
        let table = CodeTable(
            id: SubmissionID(at: moment, random: platform.random).description, institution: upload.institution,
            category: upload.dictionary.id, days: upload.days, rows: file.entries.count, receivedAt: moment,
            receivedBy: account.name)
        return (table, file)
    }

    func removeCodeTable(
        _ id: String, of category: String, reason: String, by account: Account, from address: String
    ) async throws -> CodeTable? {
        guard let institution = account.institution,
            var table = try await codeTables(of: institution).first(where: { $0.id == id && $0.category == category })
        else { return nil }
        let removal = CodeTable.Removal(at: now, by: account.name, reason: reason)
        let isRemoved = try await note("dictionary.remove", table, by: account, from: address) { transaction in
            guard try DictionaryStore.remove(id, of: institution, category, removal, in: transaction) else {
                return false
            }
            try recheck(category, of: institution, at: removal.at, in: transaction)
            return true
        }
        if isRemoved { await platform.workers.wake() }
        table.removal = removal
        return isRemoved ? table : nil
    }

    func codes(
        of id: String, in category: String, by account: Account, from address: String
    ) async throws -> ExportTable? {
        guard let institution = account.institution,
            let dictionary = programs.flatMap(\.dictionaries).first(where: { $0.id == category }),
            let table = try await codeTables(of: institution).first(where: { $0.id == id && $0.category == category })
        else { return nil }
        let entries = try await StorageFault.answered {
            try await platform.data.database.read { try DictionaryStore.entries(of: id, institution, in: $0) }
        }
        guard let entries else { return nil }
        try await note("dictionary.download", table, by: account, from: address) { _ in true }
        return CodeTemplate.table(of: dictionary, entries)
    }

    /// Does something with a table and notes it in the audit trail, in one transaction.
    @discardableResult
    private func note(
        _ action: String, _ table: CodeTable, by account: Account, from address: String,
        _ body: @escaping @Sendable (any Transaction) throws -> Bool
    ) async throws -> Bool {
        let entry = AuditEntry(
            author: Author(name: account.name, origin: address), action: action, subject: table.id, at: now,
            detail: ["category": table.category, "institution": table.institution])
        return try await StorageFault.answered {
            try await platform.data.database.write { transaction in
                guard try body(transaction) else { return false }
                try AuditTrail.append(entry, in: transaction)
                return true
            }
        }
    }
}
