public import ProgramFiles
public import SurveillanceKit
public import Tabular
public import Validation

/// Finds each file's program and checks the package: what `vedette check` does, and the first half of what becomes of an upload.
public struct Examination {
    private let registry: ProgramRegistry
    private let context: ValidationContext

    public init(registry: ProgramRegistry, context: ValidationContext) {
        self.registry = registry
        self.context = context
    }

    /// A package that is no package (a broken archive) is a finding too, on a report of its own name.
    public func run(
        _ name: String, _ source: any RandomAccessSource, limits: ArchiveLimits = ArchiveLimits(),
        sink: inout some ValidationSink
    ) throws -> [FileReport] {
        do {
            return try run(try UploadedPackage(name: name, source: source, limits: limits), named: name, sink: &sink)
        } catch let error as SourceError {
            guard let fault = error.fault else { throw error }
            return try refuse(name, fault.code, fault.message, &sink)
        }
    }

    public func run(_ package: UploadedPackage, named name: String, sink: inout some ValidationSink) throws
        -> [FileReport]
    {
        guard !package.files.isEmpty else {
            let message = BilingualText(zh: "压缩包里没有文件", en: "the archive holds no files")
            return try refuse(name, .emptyFile, message, &sink)
        }
        let prefixes = registry.programs.flatMap { $0.fileTypes.map(\.id) }
        let validator = PackageValidator(context: context, knownPrefixes: prefixes)
        return try validator.run(
            package.files.map(assignment), sink: &sink)
    }

    /// Whose file it is, by its name and the day of its receipt.
    private func assignment(_ file: UploadedPackage.File) -> PackageValidator.Assignment {
        guard isTable(file.name) else { return .init(file: file, type: nil) }
        let answer = registry.fileType(forFileNamed: file.name, on: context.receivedAt)
        if case .known(let type) = answer { return .init(file: file, type: type) }
        return .init(file: file, type: nil, refusal: FileRefusal(answer))
    }

    private func isTable(_ name: String) -> Bool {
        let lowered = name.lowercased()
        return TableFormat.isTable(named: name) || lowered.hasSuffix(".txt") || lowered.hasSuffix(".zip")
    }

    private func refuse(
        _ name: String, _ code: FindingCode, _ message: BilingualText, _ sink: inout some ValidationSink
    ) throws -> [FileReport] {
        sink.begin(file: 0)
        try sink.found(Finding(file: name, severity: .error, code: code, message: message))
        return [FileReport(name: name, errors: 1)]
    }
}
