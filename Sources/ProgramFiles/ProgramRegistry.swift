public import Foundation
public import Indicators
public import SurveillanceKit
public import Validation

/// The programs this platform runs: every folder under the programs directory, but for `Common`, is one.
public struct ProgramRegistry: Sendable {
    /// What becomes of a program whose folder does not hold together.
    public enum FaultyPrograms: Sendable {
        /// Nothing is run; every mistake of every folder is thrown.
        case refuse
        /// It is set aside, and the others run.
        case setAside
    }

    /// In the order of their folders.
    public let programs: [CompiledProgram]
    public let setAside: [SetAsideProgram]
    /// Every mistake, also those of shared code lists that no program is set aside for.
    public let mistakes: [ProgramMistake]
    /// By id. Who asks for the type of a file asks for a day as well: `fileType(forFileNamed:on:)`.
    let fileTypes: [String: CompiledFileType]

    /// The columns of a file type in lower case, by which a workbook's sheets are told apart; none of a type that nobody knows.
    public func labels(ofFileType id: String) -> Set<String> { fileTypes[id]?.labels ?? [] }
    /// The fields of a file type; none of a type that nobody knows.
    public func fields(ofFileType id: String) -> [Field] { fileTypes[id]?.fileType.fields ?? [] }
    /// The formats in which files of a type are taken; none of a type that nobody knows.
    public func formats(ofFileType id: String) -> Set<TableFormat> { fileTypes[id]?.program.formats ?? [] }
    private let indicators: [String: CompiledIndicators]

    /// Reads every program under a folder.
    ///
    /// - Parameters:
    ///   - modules: the Swift modules of programs that have one.
    ///   - threads: with more than one, programs and their file types are read side by side.
    /// - Throws: every mistake, each with its place; where there is no program at all, that.
    public init(
        folder: URL, modules: [any ProgramModule.Type], threads: Int = 1, faulty: FaultyPrograms = .refuse
    ) throws(ProgramError) {
        let root = folder.lastPathComponent
        let shared = CodeListFolder(folder.appendingPathComponent("Common/codelists"), shownAs: "Common/codelists")
        var mistakes = shared.mistakes
        let urls = try ProgramRegistry.programFolders(in: folder, shownAs: root, &mistakes)
        let folders = urls.map(threads: threads) { url in
            ProgramFolder(url, shownAs: "\(root)/\(url.lastPathComponent)", shared: shared)
        }
        // All at once: a program's own would wait for its largest.
        let files = folders.flatMap { folder in folder.names.map { (folder, $0) } }
        let answers = files.map(threads: threads) { folder, name in folder.fileType(name) }
        var rest = answers[...]
        var compiled: [CompiledFolder] = []
        for folder in folders {
            let own = Array(rest.prefix(folder.names.count))
            rest = rest.dropFirst(folder.names.count)
            let module = modules.first { $0.id == folder.id }
            compiled.append(
                folder.compiled(own, checks: NamedCheck.common + (module?.checks ?? []), threads: threads))
        }
        ProgramRegistry.refuseRepeated(&compiled)
        mistakes += compiled.flatMap(\.mistakes)
        mistakes.sort { $0.stands(before: $1) }
        if compiled.isEmpty, mistakes.isEmpty { throw .noPrograms(folder: folder.path) }
        if compiled.isEmpty || (faulty == .refuse && !mistakes.isEmpty) { throw ProgramError(mistakes) }
        self.init(
            programs: compiled.compactMap(\.program), indicators: compiled.compactMap(\.indicators),
            setAside: compiled.filter { $0.program == nil }.map(\.setAside),
            mistakes: mistakes)
    }

    public func program(_ id: String) -> CompiledProgram? { programs.first { $0.program.id == id } }

    /// The indicators of a program, ready for its records; nil where there is no such program.
    public func indicators(of program: String) -> CompiledIndicators? { indicators[program] }

    /// Only one program, as `--program` asks for.
    public func restricted(to id: String) throws(ProgramError) -> ProgramRegistry {
        guard let program = program(id) else {
            let known = programs.map(\.program.id).joined(separator: ", ")
            throw .unreadable(file: "--program", reason: "no program '\(id)'; there are \(known)")
        }
        return ProgramRegistry(
            programs: [program], indicators: indicators(of: id).map { [$0] } ?? [], setAside: [], mistakes: [])
    }

    private init(
        programs: [CompiledProgram], indicators: [CompiledIndicators], setAside: [SetAsideProgram],
        mistakes: [ProgramMistake]
    ) {
        self.programs = programs
        self.indicators = Dictionary(
            indicators.map { ($0.program.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.setAside = setAside
        self.mistakes = mistakes
        fileTypes = Dictionary(
            programs.flatMap(\.fileTypes).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func programFolders(in folder: URL, shownAs root: String, _ mistakes: inout [ProgramMistake])
        throws(ProgramError) -> [URL]
    {
        guard let names = FolderFile.names(in: folder) else { throw .noPrograms(folder: folder.path) }
        var folders: [URL] = []
        for name in names where name != "Common" {
            let url = folder.appendingPathComponent(name)
            switch FolderFile.kind(of: url) {
            case .folder: folders.append(url)
            case .file: break
            case .loop:
                mistakes.append(
                    ProgramMistake(
                        file: "\(root)/\(name)",
                        message: BilingualText(
                            zh: "符号链接不通向任何文件夹；请删除或改正", en: "is a symbolic link that leads nowhere; remove or correct it"
                        )))
            }
        }
        return folders
    }

    /// Finds ids and file types that several programs claim. One of them keeps what is claimed: a sound one before a faulty one, the
    /// one that has run longer before a newer one; the others are told.
    private static func refuseRepeated(_ compiled: inout [CompiledFolder]) {
        let order = compiled.indices.sorted {
            let (left, right) = (compiled[$0], compiled[$1])
            return (left.program == nil ? 1 : 0, left.folder.effectiveFrom, $0)
                < (right.program == nil ? 1 : 0, right.folder.effectiveFrom, $1)
        }
        var ids: [String: String] = [:]
        var types: [String: String] = [:]
        for index in order {
            let folder = compiled[index].folder
            var repeated: [ProgramMistake] = []
            if let id = folder.id, let other = ids.updateValue(ids[id] ?? folder.shown, forKey: id) {
                repeated.append(
                    folder.mistake(
                        at: "id", "监测项目 id '\(id)' 已属于 \(other)；请另取一个",
                        "the program id '\(id)' is taken by \(other); give this program another"))
            }
            for (entry, name) in folder.names.enumerated() {
                guard let other = types.updateValue(types[name] ?? folder.shown, forKey: name) else { continue }
                repeated.append(
                    folder.mistake(
                        at: "files", entry: entry, "名为 '\(name)_…' 的文件已属于 \(other)；请给这个文件类型另取名称",
                        "files named '\(name)_…' belong to \(other) already; give this file type another name"))
            }
            guard !repeated.isEmpty else { continue }
            compiled[index].mistakes += repeated
            compiled[index].program = nil
            compiled[index].indicators = nil
        }
    }
}
