import Foundation
import SurveillanceKit
import Validation

/// The programs this platform runs: every folder with a `program.json` under the programs directory.
///
/// A folder that does not hold together, or that claims files of another program, stops the start with its file and reason.
public struct ProgramRegistry: Sendable {
    public let programs: [CompiledProgram]
    private let fileTypes: [String: CompiledFileType]

    /// - Parameters:
    ///   - modules: the Swift modules of programs that have one.
    ///   - threads: with more than one, programs and their file types are read side by side.
    public init(folder: URL, modules: [any ProgramModule.Type], threads: Int = 1) throws(ProgramError) {
        let shared = try CodeListFolder(
            folder.appendingPathComponent("Common/codelists"), shownAs: "Common/codelists")
        var programs: [CompiledProgram] = []
        var fileTypes: [String: CompiledFileType] = [:]
        let folders = try ProgramRegistry.programFolders(in: folder)
        let drafts = try folders.map(threads: threads) { url throws(ProgramError) in
            try ProgramDraft(url, shownAs: "\(folder.lastPathComponent)/\(url.lastPathComponent)", shared: shared)
        }
        // All at once: a program's own would wait for its largest.
        let files = drafts.flatMap { draft in draft.names.map { (draft, $0) } }
        let read = try files.map(threads: threads) { draft, name throws(ProgramError) in try draft.fileType(name) }
        var rest = read[...]
        for draft in drafts {
            let program = try draft.program(Array(rest.prefix(draft.names.count)))
            rest = rest.dropFirst(draft.names.count)
            if programs.contains(where: { $0.program.id == program.id }) {
                throw .duplicate(id: program.id, file: "\(draft.shown)/program.json", other: "another folder")
            }
            let module = modules.first { $0.id == program.id }
            let compiled = try CompiledProgram(
                program, checks: NamedCheck.common + (module?.checks ?? []), folder: draft.shown, threads: threads)
            for type in compiled.fileTypes {
                if let taken = fileTypes[type.id] {
                    throw .prefixTaken(type.id, file: "\(draft.shown)/program.json", by: taken.program.id)
                }
                fileTypes[type.id] = type
            }
            programs.append(compiled)
        }
        guard !programs.isEmpty else { throw .noPrograms(folder: folder.path) }
        self.programs = programs
        self.fileTypes = fileTypes
    }

    /// The file type that a file belongs to: the part of its name before the first `_`, in upper or lower case.
    public func fileType(forFileNamed name: String) -> CompiledFileType? {
        let base = name.split(separator: "/").last.map(String.init) ?? name
        let stem =
            base.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? base
        let prefix =
            stem.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? stem
        return fileTypes[prefix.lowercased()]
    }

    public func program(_ id: String) -> CompiledProgram? { programs.first { $0.program.id == id } }

    /// Only one program, as `--program` asks for.
    public func restricted(to id: String) throws(ProgramError) -> ProgramRegistry {
        guard let program = program(id) else {
            let known = programs.map(\.program.id).joined(separator: ", ")
            throw .unreadable(file: "--program", reason: "no program '\(id)'; there are \(known)")
        }
        return ProgramRegistry(programs: [program])
    }

    private init(programs: [CompiledProgram]) {
        self.programs = programs
        fileTypes = Dictionary(
            programs.flatMap(\.fileTypes).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func programFolders(in folder: URL) throws(ProgramError) -> [URL] {
        guard
            let entries = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        else { throw .noPrograms(folder: folder.path) }
        return entries.filter { FileManager.default.fileExists(atPath: $0.appendingPathComponent("program.json").path) }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

}

/// A program of which `program.json` and the code lists have been read, and the file types not yet.
private struct ProgramDraft: Sendable {
    let folder: URL
    let shown: String
    /// The file types it names.
    let names: [String]
    private let object: JSONObject
    private let codeLists: CodeListFolder

    init(_ folder: URL, shownAs shown: String, shared: CodeListFolder) throws(ProgramError) {
        self.folder = folder
        self.shown = shown
        object = try JSONObject(
            contentsOf: folder.appendingPathComponent("program.json"), shownAs: "\(shown)/program.json")
        try object.allow([
            "id", "version", "effectiveFrom", "title", "description", "timeZone", "retentionDays", "files",
        ])
        codeLists = try CodeListFolder(
            folder.appendingPathComponent("codelists"), shownAs: "\(shown)/codelists", shared: shared)
        names = try object.strings("files")
        guard !names.isEmpty else { throw object.fault("'files' is missing or empty: it names the file types") }
    }

    func fileType(_ name: String) throws(ProgramError) -> FileType {
        guard name == name.lowercased(), !name.contains("_"), !name.contains("/"), !name.isEmpty else {
            throw object.fault("file type '\(name)': lower-case letters and digits only, without '_'")
        }
        let url = folder.appendingPathComponent("files/\(name).json")
        return try FileTypeFile(url, shownAs: "\(shown)/files/\(name).json", codeLists: codeLists).fileType(
            expected: name)
    }

    /// The program with the file types that were read.
    func program(_ fileTypes: [FileType]) throws(ProgramError) -> Program {
        let timeZone = try object.string("timeZone")
        guard TimeZone(identifier: timeZone) != nil else {
            throw object.fault("'timeZone' is '\(timeZone)'; write it as Asia/Shanghai")
        }
        let retentionDays = try object.optionalInt("retentionDays") ?? Program.standardRetentionDays
        guard (1...36_500).contains(retentionDays) else {
            throw object.fault(
                "'retentionDays' is \(retentionDays); give the days for which uploads are kept, 1 or more")
        }
        return Program(
            id: try object.string("id"), title: try object.text("title"),
            description: try object.optionalText("description"),
            version: try object.string("version"), effectiveFrom: try object.string("effectiveFrom"),
            timeZone: timeZone, retentionDays: retentionDays,
            fileTypes: fileTypes)
    }
}
