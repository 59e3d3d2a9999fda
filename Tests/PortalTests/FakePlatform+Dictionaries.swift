import Accounts
import Dictionaries
import Portal
import SurveillanceKit

/// A platform that keeps no codes.
extension FakePlatform: DictionaryServices {
    func codeTables(of institution: String) async throws -> [CodeTable] { [] }

    func addCodeTable(
        _ upload: CodeTableUpload, by account: Account, from address: String
    ) async throws -> (table: CodeTable, warnings: [BilingualText]) { throw DictionaryRefusal.noRows }

    func removeCodeTable(
        _ id: String, of category: String, reason: String, by account: Account, from address: String
    ) async throws -> CodeTable? { nil }

    func codes(
        of id: String, in category: String, by account: Account, from address: String
    ) async throws -> ExportTable? { nil }
}
