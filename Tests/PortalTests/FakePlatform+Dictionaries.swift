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

    func preview(
        _ upload: CodeTableUpload, on today: CivilDate, keeps: Bool, by account: Account, from address: String
    ) async throws -> CodePreview { throw DictionaryRefusal.noRows }

    func confirm(_ id: String, by account: Account, from address: String) async throws -> CodeTable? { nil }

    func removeCodeTable(
        _ id: String, of category: String, reason: String, by account: Account, from address: String
    ) async throws -> CodeTable? { nil }

    func codes(
        of id: String, in category: String, by account: Account, from address: String
    ) async throws -> ExportTable? { nil }

    func unmapped(
        _ category: String, of institution: String, on day: CivilDate, offset: Int, limit: Int
    ) async throws -> UnmappedCodes { UnmappedCodes(state: .noTable) }

    func decide(
        _ mappings: [CodeMapping], in category: String, on day: CivilDate, by account: Account, from address: String
    ) async throws -> MappingOutcome { MappingOutcome(decided: 0, faults: []) }
}
