public import SurveillanceKit
public import Tabular

/// Validates all files of a package: each by its own type, parents before their children.
public struct PackageValidator {
    /// One file and the type its name claims; nil where no program knows it.
    public struct Assignment {
        public var file: UploadedPackage.File
        public var type: CompiledFileType?
        /// Why it is not taken though its program is known.
        public var refusal: FileRefusal?

        public init(file: UploadedPackage.File, type: CompiledFileType?, refusal: FileRefusal? = nil) {
            self.file = file
            self.type = type
            self.refusal = refusal
        }
    }

    private let context: ValidationContext
    /// Names that files may begin with, for the message about one that does not.
    private let knownPrefixes: [String]

    public init(context: ValidationContext, knownPrefixes: [String]) {
        self.context = context
        self.knownPrefixes = knownPrefixes
    }

    /// Reads every file to its end and reports on each, in the package's order.
    ///
    /// - Throws: what the sink throws, and reading failures that are not the sender's.
    public func run(_ assignments: [Assignment], sink: inout some ValidationSink) throws -> [FileReport] {
        var reports = [FileReport?](repeating: nil, count: assignments.count)
        let types = assignments.compactMap(\.type)
        let institutions =
            context.institution == nil ? ValueCensus.institutions(of: assignments, limits: context.limits) : [:]
        var keys = PackageKeys()
        let rivals = try self.rivals(of: assignments, institutions)
        for index in order(of: assignments) {
            let assignment = assignments[index]
            let name = assignment.file.name
            sink.begin(file: index)
            if let fault = assignment.file.fault {
                reports[index] = try refuse(name, fault.code, fault.message, assignment.type, .error, &sink)
                continue
            }
            if let refusal = assignment.refusal {
                try sink.found(refusal.finding(file: name))
                reports[index] = FileReport(
                    name: name, program: refusal.program, fileType: refusal.fileType, errors: 1)
                continue
            }
            guard let type = assignment.type else {
                let isStray = !types.isEmpty && StrayFile.matches(name)
                reports[index] =
                    isStray
                    ? try passOver(name, &sink) : try refuse(name, .unknownFile, unknownFile(name), nil, .error, &sink)
                continue
            }
            var reader: TableReader
            do {
                reader = try assignment.file.table(limits: context.limits, labels: type.labels)
            } catch {
                guard let fault = error.fault else { throw error }
                reports[index] = try refuse(name, fault.code, fault.message, type, .error, &sink)
                continue
            }
            guard type.program.formats.contains(reader.format) else {
                reports[index] = try refuse(name, .unknownFile, untaken(by: type.program), type, .error, &sink)
                continue
            }
            let validator = TableValidator(
                type, file: name, companions: types, context: context,
                usualInstitution: institutions[type.program.id],
                rivals: (rivals[type.id] ?? []).filter { $0.index != index }.map(\.rival))
            let (report, isRefused) = try validator.run(&reader, keys: &keys, sink: &sink)
            if isRefused { sink.refuse(file: index) }
            reports[index] = report
        }
        return reports.compactMap { $0 }
    }

    /// Of the types that several files have, the keys of each file: read before, so that both are told of what stands in both.
    private func rivals(
        of assignments: [Assignment], _ institutions: [String: [UInt8]]
    ) throws -> [String: [(index: Int, rival: Rival)]] {
        let counts = Dictionary(grouping: assignments.compactMap(\.type), by: \.id).mapValues(\.count)
        var alone = context
        alone.wantsRows = false
        alone.findParent = nil
        alone.codes = nil
        var rivals: [String: [(index: Int, rival: Rival)]] = [:]
        for (index, assignment) in assignments.enumerated() {
            guard let type = assignment.type, !type.fileType.primaryKey.isEmpty, (counts[type.id] ?? 0) > 1,
                assignment.file.fault == nil, assignment.refusal == nil
            else { continue }
            var reader: TableReader
            do {
                reader = try assignment.file.table(limits: context.limits, labels: type.labels)
            } catch {
                guard error.fault != nil else { throw error }
                continue
            }
            guard type.program.formats.contains(reader.format) else { continue }
            var keys = PackageKeys()
            var nothing = NoSink()
            let validator = TableValidator(
                type, file: assignment.file.name, companions: [type], context: alone,
                usualInstitution: institutions[type.program.id], rivals: [], isForRivals: true)
            _ = try validator.run(&reader, keys: &keys, sink: &nothing)
            if let own = keys.indexes(of: type.id, set: 0).first,
                let whole = keys.indexes(of: type.id, set: type.wholeRowSet).first
            {
                rivals[type.id, default: []].append(
                    (index, Rival(file: assignment.file.name, keys: own, rows: whole)))
            }
        }
        return rivals
    }

    /// Takes nothing.
    private struct NoSink: ValidationSink {
        func begin(file: Int) {}
        func found(_ findings: FindingBatch) {}
        func found(_ finding: Finding) {}
        func checked(_ batch: CheckedBatch) {}
        func refuse(file: Int) {}
    }

    /// Parents first; files without a type last.
    private func order(of assignments: [Assignment]) -> [Int] {
        let types = Dictionary(
            assignments.compactMap(\.type).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        func depth(_ type: CompiledFileType, _ seen: Set<String>) -> Int {
            guard !seen.contains(type.id) else { return 0 }
            let parents = Set(type.foreignKeys.flatMap(\.links).map(\.parent)).subtracting([type.id])
            return 1 + (parents.compactMap { types[$0] }.map { depth($0, seen.union([type.id])) }.max() ?? 0)
        }
        let depths = types.mapValues { depth($0, []) }
        func place(_ index: Int) -> Int { assignments[index].type.flatMap { depths[$0.id] } ?? .max }
        return assignments.indices.sorted { (place($0), $0) < (place($1), $1) }
    }

    private func refuse(
        _ name: String, _ code: FindingCode, _ message: BilingualText, _ type: CompiledFileType?,
        _ severity: Severity, _ sink: inout some ValidationSink
    ) throws -> FileReport {
        try sink.found(
            Finding(
                file: name, program: type?.program.id, fileType: type?.id, severity: severity, code: code,
                message: message))
        return FileReport(
            name: name, program: type?.program.id, fileType: type?.id, errors: severity == .error ? 1 : 0,
            warnings: severity == .error ? 0 : 1)
    }

    /// Says that a file beside tables is none, and no more.
    private func passOver(_ name: String, _ sink: inout some ValidationSink) throws -> FileReport {
        let message = BilingualText(
            zh: "该文件不是数据表，已跳过，不影响其他文件", en: "this file is no table; it was passed over, and nothing need be done")
        try sink.found(Finding(file: name, severity: .warning, code: .unknownFile, message: message))
        return FileReport(name: name, warnings: 1)
    }

    private func untaken(by program: Program) -> BilingualText {
        let formats = TableFormat.allCases.filter(program.formats.contains).map(\.rawValue)
        return BilingualText(
            zh: "\(program.title.zh)不接收这种格式的文件；请另存为 \(formats.joined(separator: "、")) 后上报",
            en:
                "\(program.title.en) does not take files of this format; save it as \(formats.joined(separator: ", ")) and send that"
        )
    }

    private func unknownFile(_ name: String) -> BilingualText {
        let known = knownPrefixes.joined(separator: ", ")
        return BilingualText(
            zh: "没有监测项目接收这个文件：文件名须为“类型_任意内容.csv”，类型为 \(known) 之一",
            en: "no program takes this file: name it '<type>_<anything>.csv', where <type> is one of \(known)")
    }
}
