import Dictionaries
import SurveillanceKit

/// Everything that a hospital needs for one program, made from the program's own schemas as they are in force.
struct ResourcePack {
    var program: Program
    /// Nil where there is none.
    var example: [UInt8]?
    var services: any DownloadServices

    /// One file of the pack: where it lies in the zip, what it is, and where it is had singly.
    struct Entry: Sendable {
        var name: String
        var path: SitePath
        fileprivate var open: @Sendable (Language) throws -> ExportedFile?
    }

    /// Without what describes the pack itself.
    var entries: [Entry] {
        types + codeLists.map(codeList) + program.dictionaries.flatMap(codes) + sample
    }

    /// The lists of its fields whose codes are known, each once.
    private var codeLists: [CodeList] {
        var known: Set<String> = []
        return program.fileTypes.flatMap(\.fields).compactMap(\.codeList).filter {
            $0.isKnown && known.insert($0.id).inserted
        }
        .sorted { $0.id < $1.id }
    }

    private var own: SitePath { SitePath("programs", program.id) }

    private var types: [Entry] {
        program.fileTypes.flatMap { type in
            let path = own.appending(type.id)
            var entries = [
                table("templates/\(type.id)_template", "csv", path.appending("template.csv")) { _ in
                    ProgramTables.template(type)
                }
            ]
            if program.formats.contains(.xlsx) {
                entries.append(
                    table("templates/\(type.id)_template", "xlsx", path.appending("template.xlsx")) { _ in
                        ProgramTables.template(type)
                    })
            }
            entries.append(
                table("standard/\(type.id)-fields", "csv", path.appending("fields.csv")) {
                    ProgramTables.fields(type, in: $0)
                })
            entries.append(
                table("standard/\(type.id)-rules", "csv", path.appending("rules.csv")) {
                    ProgramTables.rules(type, in: $0)
                })
            return entries
        }
    }

    private func codeList(_ list: CodeList) -> Entry {
        let name = String(list.id.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
        return table("codelists/\(name)", "csv", own.appending("codelists").appending(list.id).appending("codes.csv")) {
            ProgramTables.codes(list, in: $0)
        }
    }

    private func codes(_ dictionary: CodeDictionary) -> [Entry] {
        ["csv", "xlsx"].map { format in
            let path = SitePath("dictionaries", dictionary.id, "template.\(format)")
            return table("codes/\(dictionary.id)_template", format, path) { _ in
                CodeTemplate.table(of: dictionary, [])
            }
        }
    }

    private var sample: [Entry] {
        guard let example else { return [] }
        return [
            Entry(name: "samples/\(program.id)-example.zip", path: own.appending("example.zip")) { _ in
                ResourcePack.file(example, "zip", "application/zip")
            }
        ]
    }

    private func table(
        _ name: String, _ format: String, _ path: SitePath, _ make: @escaping @Sendable (Language) -> ExportTable
    ) -> Entry {
        Entry(name: "\(name).\(format)", path: path) { [services] language in
            try services.file(of: make(language), format: format, in: language)
        }
    }

    /// All of it as one zip, in the reader's language.
    ///
    /// - Parameter standard: the interface standard as PDF; nil where nothing here writes one.
    func zip(in language: Language, standard: [UInt8]? = nil) -> ExportedFile {
        let overview = Entry(name: "README.txt", path: own) { language in
            ResourcePack.file(Array("\u{FEFF}\(contents(in: language))".utf8), "txt", "text/plain; charset=utf-8")
        }
        let guides = [
            ("guides/hospitals.md", HelpBook.guideText), ("guides/findings.md", HelpBook.findingsText),
            ("guides/agent.zh.md", HelpBook.agentText.zh), ("guides/agent.md", HelpBook.agentText.en),
        ].map { name, text in
            Entry(name: name, path: SitePath("help")) { _ in
                ResourcePack.file(Array(text.utf8), "md", "text/markdown; charset=utf-8")
            }
        }
        let clients = ReferenceClient.all.map { client in
            Entry(name: "clients/\(client.name)", path: ClientRoutes.path(of: client)) { _ in
                ResourcePack.file(client.bytes, String(client.name.dropFirst(5)), client.mediaType)
            }
        }
        let printed = standard.map { bytes in
            [
                Entry(name: "standard/\(program.id)-interface-standard.pdf", path: own) { _ in
                    ResourcePack.file(bytes, "pdf", "application/pdf")
                }
            ]
        }
        return services.zip(
            of: ([overview] + entries + (printed ?? []) + clients + guides).map { entry in
                ZippedFile(name: entry.name) {
                    try entry.open(language) ?? ResourcePack.file([], "txt", "text/plain")
                }
            })
    }

    private func contents(in language: Language) -> String {
        let lines =
            language == .zh
            ? [
                program.title.zh, "版本 \(program.version)，自 \(program.effectiveFrom) 起执行", "",
                "templates   文件模板（CSV、Excel），表头即字段代码", "standard    接口标准（PDF），字段表和规则", "codelists   代码表",
                "codes       编码和字典文件的模板", "samples     可以通过核验的示例数据包",
                "clients     自动上报的参考程序，用法见 --help", "guides      数据管理员指南、问题及改正方法",
            ]
            : [
                program.title.en, "Version \(program.version), in effect from \(program.effectiveFrom)", "",
                "templates   templates of the files (CSV, Excel); the header names the fields",
                "standard    the interface standard (PDF), fields and rules", "codelists   code lists",
                "codes       templates of code files and dictionaries",
                "samples     an example package that passes the check",
                "clients     reference clients that report by themselves; --help says how",
                "guides      the guide for hospitals, and every finding with how to mend it",
            ]
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private static func file(_ bytes: [UInt8], _ ending: String, _ type: String) -> ExportedFile {
        ExportedFile(bytes: bytes, fileExtension: ending, mediaType: type)
    }
}
