import Dictionaries
import Foundation
import HTTPServer
import JSON
import SurveillanceKit

/// What the API and the page do alike with tables of codes.
struct DictionaryDesk: Sendable {
    let services: any DictionaryServices & ReferenceServices & DutyServices & SignInServices
    let visitors: Visitors

    /// A reason has as many characters at most.
    private static let longestReason = 200

    /// The dictionaries of all programs, each once.
    var dictionaries: [CodeDictionary] {
        var known: Set<String> = []
        return services.programs.flatMap(\.dictionaries).filter { known.insert($0.id).inserted }
    }

    /// The day by which a table is in use or not.
    var today: CivilDate { services.today(services.programs, at: services.now) }

    func dictionary(_ id: String?) throws -> CodeDictionary {
        guard let id, let found = dictionaries.first(where: { $0.id == id }) else {
            let known = dictionaries.map(\.id).joined(separator: ", ")
            throw Problem(
                "no-such-dictionary", status: .notFound,
                title: BilingualText(zh: "没有这个编码类别", en: "There is no such category of codes"),
                detail: BilingualText(zh: "类别有 \(known)。", en: "The categories are \(known)."))
        }
        return found
    }

    /// The first and last day of use, as the sender has written them.
    func days(_ from: String?, _ to: String?) throws -> ClosedRange<CivilDate> {
        func day(_ name: String, _ text: String?) throws -> CivilDate {
            guard let day = text.flatMap({ CivilDate($0) }) else {
                throw Problem(
                    "code-file-period", status: .unprocessableContent,
                    title: BilingualText(zh: "请填写使用期限", en: "Say from when to when the codes are used"),
                    detail: BilingualText(
                        zh: "\(name) 应为日期，如 2026-01-01。", en: "\(name) must be a day, as in 2026-01-01."),
                    members: [("parameter", .string(name))])
            }
            return day
        }
        let (first, last) = (try day("from", from), try day("to", to))
        guard first <= last else { throw Problem(DictionaryRefusal.backwards(from: first, to: last)) }
        return first...last
    }

    func add(
        _ dictionary: CodeDictionary, named name: String?, _ bytes: [UInt8], days: ClosedRange<CivilDate>,
        own: OwnLabels, by visitor: Visitor, from address: String
    ) async throws -> (table: CodeTable, warnings: [BilingualText]) {
        let upload = try upload(dictionary, named: name, bytes, days: days, own: own, by: visitor)
        return try await DictionaryDesk.told {
            try await services.addCodeTable(upload, by: visitor.account, from: address)
        }
    }

    /// - Parameter keeps: so that it can be put to use without another upload.
    func preview(
        _ dictionary: CodeDictionary, named name: String?, _ bytes: [UInt8], days: ClosedRange<CivilDate>,
        own: OwnLabels, keeps: Bool, by visitor: Visitor, from address: String
    ) async throws -> CodePreview {
        let upload = try upload(dictionary, named: name, bytes, days: days, own: own, by: visitor)
        return try await DictionaryDesk.told {
            try await services.preview(upload, on: today, keeps: keeps, by: visitor.account, from: address)
        }
    }

    func confirm(_ id: String?, by visitor: Visitor, from address: String) async throws -> CodeTable {
        _ = try visitors.reportingInstitution(visitor)
        let table = try await DictionaryDesk.told {
            try await services.confirm(id ?? "", by: visitor.account, from: address)
        }
        guard let table else { throw Self.noSuchTable }
        return table
    }

    private func upload(
        _ dictionary: CodeDictionary, named name: String?, _ bytes: [UInt8], days: ClosedRange<CivilDate>,
        own: OwnLabels, by visitor: Visitor
    ) throws -> CodeTableUpload {
        let institution = try visitors.reportingInstitution(visitor)
        guard let name = name.flatMap(Uploads.clean) else { throw Problem.fileNameMissing }
        guard Uploads.isArchive(name) || Uploads.isTable(name) else {
            throw Problem(
                DictionaryRefusal.unreadable(
                    BilingualText(
                        zh: "“\(name)”不是 .zip、.csv、.xls 或 .xlsx 文件。",
                        en: "'\(name)' ends neither in .zip nor in .csv, .xls or .xlsx.")))
        }
        return CodeTableUpload(
            dictionary: dictionary, institution: institution.code, fileName: name, bytes: bytes, days: days, own: own)
    }

    /// What keeps a table from being taken, as a problem.
    private static func told<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let refusal as DictionaryRefusal {
            throw Problem(refusal)
        } catch {
            throw Problem.readable(error)
        }
    }

    func remove(
        _ id: String?, of category: String?, reason: String?, by visitor: Visitor, from address: String
    ) async throws -> CodeTable {
        _ = try visitors.reportingInstitution(visitor)
        let dictionary = try dictionary(category)
        let reason = (reason ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty, reason.count <= Self.longestReason else {
            throw Problem(
                "reason-needed", status: .badRequest,
                title: BilingualText(zh: "请填写删除原因", en: "Say why it is deleted"),
                detail: BilingualText(
                    zh: "原因为 1 至 \(Self.longestReason) 个字符。",
                    en: "The reason has 1 to \(Self.longestReason) characters."))
        }
        let removed = try await services.removeCodeTable(
            id ?? "", of: dictionary.id, reason: reason, by: visitor.account, from: address)
        guard let removed else { throw Self.noSuchTable }
        return removed
    }

    static var noSuchTable: Problem {
        Problem(
            "no-such-code-table", status: .notFound,
            title: BilingualText(zh: "没有这个编码文件", en: "There is no such code file"),
            detail: BilingualText(
                zh: "请检查编号；已删除的不能再删除。", en: "Check its id; what was deleted cannot be deleted again."))
    }
}

extension OwnLabels {
    /// As a form or an address has them: `codeColumn=院内代码`.
    init(_ value: (String) -> String?) {
        self.init(
            Dictionary(
                CodeColumn.allCases.compactMap { column in value("\(column.rawValue)Column").map { (column, $0) } },
                uniquingKeysWith: { first, _ in first }))
    }
}

extension Problem {
    init(_ refusal: DictionaryRefusal) {
        var members: [(String, JSONValue)] = []
        // What may be told apart by the sender.
        if case .wrongHeader(_, let surplus) = refusal {
            members = [("columns", .array(surplus.prefix(100).map { .string($0) }))]
        }
        self.init(
            refusal.kind, status: .unprocessableContent,
            title: BilingualText(zh: "编码文件未接收", en: "The code file was not taken"), detail: refusal.message,
            members: members)
    }
}
