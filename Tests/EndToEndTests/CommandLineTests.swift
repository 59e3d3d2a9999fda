import Foundation
import SurveillanceKit
import Testing

@testable import vedette

@Suite("The command line")
struct CommandLineTests {
    private static let chinese = ["LC_ALL": "zh_CN.UTF-8"]
    private static let english = ["LC_ALL": "en_US.UTF-8"]

    @Test("speaks the language of the locale, or the one that is asked for")
    func language() throws {
        let locales: [([String: String], Language)] = [
            ([:], .en), (["LANG": "zh_CN.UTF-8"], .zh), (["LANG": "zh_CN.UTF-8", "LC_ALL": "C"], .en),
            (["LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"], .zh), (["LC_ALL": "", "LANG": "zh_CN"], .zh),
            (["LANG": "de_DE.UTF-8"], .en),
        ]
        for (environment, language) in locales {
            #expect(Terminal.language(of: ["vedette", "check"], environment) == language, "\(environment)")
        }
        #expect(Terminal.language(of: ["vedette", "check", "--language", "zh"], [:]) == .zh)
        #expect(Terminal.language(of: ["vedette", "--language=en"], Self.chinese) == .en)
        #expect(Terminal.language(of: ["vedette", "--", "--language=zh"], [:]) == .en)

        let path = Repository.packagePath("FeverClinic", "clean")
        let zh = try Vedette.run(["check", path], environment: Self.chinese)
        let en = try Vedette.run(["check", path], environment: Self.english)
        #expect(zh.output.contains("没有错误：4 个文件") && en.output.contains("No errors: 571 rows in 4 files"))
        for words in [["submit", "x"], ["acount"], ["check", "/nowhere"], ["key"], ["check", "--formt", "x"]] {
            let zh = try Vedette.run(words, environment: Self.chinese)
            let en = try Vedette.run(words, environment: Self.english)
            #expect(zh.status == 2 && en.status == 2)
            #expect(zh.errors.contains { $0 >= "一" && $0 <= "龥" }, "\(zh.errors)")
            #expect(!en.errors.contains { $0 >= "一" && $0 <= "龥" }, "\(en.errors)")
        }
        #expect(try Vedette.run(["check", "--language", "fr", path]).status == 2)
    }

    @Test("has its version, and help COMMAND says what COMMAND --help says")
    func help() throws {
        #expect(try Vedette.run(["--version"]).output.wholeMatch(of: /vedette \d+\.\d+\.\d+\n/) != nil)
        let help = try Vedette.run(["help", "check"], environment: Self.chinese)
        #expect(help.status == 0 && help.output.hasPrefix("用法：vedette check [options] PATH…\n"))
        #expect(try Vedette.run(["check", "--help"], environment: Self.chinese).output == help.output)
        #expect(try Vedette.run(["help", "nonsense"]).status == 2)
    }

    @Test("says in both languages what every command and option is for, and no line is wider than the terminal")
    func manuals() {
        for language in [Language.zh, .en] {
            for width in [40, 80, 120] {
                var texts = [CommandLineTool.help(in: language, width: width)]
                for command in CommandLineTool.commands {
                    texts.append(command.manual.help(in: language, width: width))
                }
                for text in texts {
                    for line in text.split(separator: "\n") {
                        #expect(Columns.count(line) <= width, "\(width): \(line)")
                    }
                }
            }
        }
        for command in CommandLineTool.commands {
            for text in [command.summary] + command.manual.text + command.manual.options.map(\.text) {
                #expect(text.zh.contains { $0 >= "一" && $0 <= "龥" } && !text.en.isEmpty, "\(command.name): \(text)")
            }
        }
    }

    @Test("breaks Chinese between characters, never before a full stop, and English at blanks")
    func wrapping() {
        #expect(Columns.wrapped("核验文件。再核验", width: 8) == ["核验文", "件。再核", "验"])
        #expect(Columns.wrapped("one two three", width: 8, indent: 2) == ["one two", "  three"])
        #expect(Columns.wrapped("核验 file 再", width: 10, under: 2).allSatisfy { $0.hasPrefix("  ") })
    }

    @Test("shows colours at a terminal that has them and whose user wants them")
    func colours() throws {
        #expect(Terminal.hasColours(isTerminal: true, ["TERM": "xterm"]))
        #expect(!Terminal.hasColours(isTerminal: true, ["TERM": "xterm", "NO_COLOR": "1"]))
        #expect(!Terminal.hasColours(isTerminal: true, ["TERM": "dumb"]))
        #expect(!Terminal.hasColours(isTerminal: false, ["TERM": "xterm"]))
        let path = Repository.packagePath("FeverClinic", "faults")
        let piped = try Vedette.run(["check", path], environment: ["TERM": "xterm"])
        #expect(piped.status == 1 && !piped.output.contains("\u{1B}") && piped.errors.isEmpty)
    }

    @Test("completes commands, actions, options and their values", .enabled(if: isInstalled("bash"), "no bash"))
    func completion() throws {
        let script = try Vedette.run(["completion", "bash"]).output
        /// All in one bash: starting one takes as long as completing a hundred times.
        func completed(_ lines: [[String]]) throws -> [[String]] {
            let asked = lines.map { words in
                let quoted = words.map { "'\($0)'" }.joined(separator: " ")
                return "COMP_WORDS=(vedette \(quoted)); COMP_CWORD=\(words.count); _vedette; echo \"${COMPREPLY[@]}\""
            }
            let text = try run("bash", ["-c", script + asked.joined(separator: "\n")])
            return text.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.split(separator: " ").map(String.init)
            }
        }
        let some = try completed([["che"], ["help", "deadl"], ["account", "un"], ["check", "--format", ""]])
        #expect(some.prefix(4) == [["check"], ["deadline"], ["unlock"], ["text", "json"]])
        let options = CommandLineTool.commands.flatMap { command in
            command.manual.options.map { [command.name, $0.name] }
        }
        for (option, found) in zip(options, try completed(options)) {
            #expect(found.contains(option[1]), "\(option)")
        }
    }

    @Test("completes in zsh and fish, too")
    func otherShells() throws {
        for shell in ["zsh", "fish"] {
            let script = try Vedette.run(["completion", shell], environment: Self.chinese).output
            for command in CommandLineTool.commands {
                #expect(
                    script.contains(command.name) && script.contains(command.summary.zh), "\(shell) \(command.name)")
                for option in command.manual.options { #expect(script.contains(String(option.name.dropFirst(2)))) }
            }
            guard isInstalled(shell) else { continue }
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID()).\(shell)")
            defer { try? FileManager.default.removeItem(at: file) }
            try script.write(to: file, atomically: true, encoding: .utf8)
            #expect(try run(shell, ["-n", file.path]) == "")
        }
    }

    private static let completions = [
        ("vedette che", "check"), ("vedette account un", "unlock"), ("vedette check --fo", "--format"),
        ("vedette check --format js", "json"),
    ]

    /// Writes a shell's script to a file.
    private func script(_ shell: String) throws -> URL {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID()).\(shell)")
        try Vedette.run(["completion", shell]).output.write(to: file, atomically: true, encoding: .utf8)
        return file
    }

    @Test("fish completes what is typed", .enabled(if: isInstalled("fish"), "no fish"))
    func fish() throws {
        let file = try script("fish")
        defer { try? FileManager.default.removeItem(at: file) }
        for (line, expected) in Self.completions {
            let found = try run("fish", ["--no-config", "-c", "source '\(file.path)'; complete -C '\(line)'"])
            #expect(found.split(separator: "\n").map { $0.prefix { $0 != "\t" } } == [expected[...]], "\(line)")
        }
    }

    @Test("zsh completes what is typed at a terminal", .enabled(if: isInstalled("zsh"), "no zsh"))
    func zsh() throws {
        let file = try script("zsh")
        defer { try? FileManager.default.removeItem(at: file) }
        // A shell at a pseudo-terminal, into which lines with a tabulator are typed; each answer is waited for, at most ten seconds.
        let typing = """
            zmodload zsh/zpty zsh/zselect
            expect() {
                local all= out=
                repeat 200; do
                    while zpty -rt z out; do all+=$out; done
                    [[ $all == *$~1* ]] && return 0
                    zselect -t 5
                done
                print -r -- "expected $1, got ${(q)all}"
                return 1
            }
            zpty z zsh -f -i
            zpty -w z "PS1=; unsetopt beep; autoload -Uz compinit; compinit -u -D; source $1; compdef _vedette vedette; print rea''dy"
            expect ready || exit 1
            for line in "${@:2}"; do
                zpty -n -w z "${line%%=*}"$'\\t'
                expect "${line#*=}" && print -r -- "${line#*=}"
                zpty -n -w z $'\\C-u'
            done
            zpty -d z
            """
        let lines = Self.completions.map { line, expected in
            (line, line.split(separator: " ").dropLast().joined(separator: " ") + " " + expected)
        }
        let found = try run("zsh", ["-f", "-c", typing, "zsh", file.path] + lines.map { "\($0)=\($1)" })
        #expect(found.split(separator: "\n").map(String.init) == lines.map(\.1))
    }

    @Test("has a page for man for every command, in both languages, from the same source")
    func manualPages() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-man-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try Vedette.run(["manual", folder.path]).status == 0)
        for (language, place) in [(Language.en, "man1"), (.zh, "zh_CN/man1")] {
            for command in CommandLineTool.commands {
                let file = folder.appendingPathComponent("\(place)/vedette-\(command.name).1")
                let page = try String(contentsOf: file, encoding: .utf8)
                #expect(page.hasPrefix(".TH VEDETTE-\(command.name.uppercased()) 1 "))
                for option in command.manual.options {
                    let name = option.name.replacing("-", with: "\\-")
                    #expect(page.contains("\\fB\(name)\\fR"), "\(command.name) \(option.name)")
                }
                #expect(page.contains(command.summary[language].replacing("-", with: "\\-")))
                guard isInstalled("groff") else { continue }
                // -ww has it warn of every request that it does not know.
                #expect(try run("groff", ["-man", "-Tutf8", "-ww", "-k", "-z", file.path], joinsErrors: true) == "")
            }
        }
    }

    @Test("checks what comes from standard input: a zip, or a table by its name")
    func standardInput() throws {
        func check(_ bytes: Data, _ words: [String]) throws -> String {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID())")
            defer { try? FileManager.default.removeItem(at: file) }
            try bytes.write(to: file)
            let words = ([Vedette.executable.path, "check", "-"] + words).map { "'\($0)'" }.joined(separator: " ")
            return try run("sh", ["-c", "\(words) < '\(file.path)' || true"])
        }
        #expect(try check(try Repository.package("FeverClinic", "clean"), []).contains("571 rows in 4 files"))
        var table = try SampleTable("FeverClinic", "fever")
        table.rows = Array(table.rows.prefix(3))
        #expect(try check(table.csv, ["--name", "fever_1.csv"]).contains("No errors: 3 rows in 1 file"))
        #expect(try Vedette.run(["check", "-", "other.csv"]).status == 2)
    }

    @Test("checks a folder of a month: each day's folder, and each zip, is a package of its own")
    func month() throws {
        let month = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-month-\(UUID())")
        defer { try? FileManager.default.removeItem(at: month) }
        var table = try SampleTable("FeverClinic", "fever")
        table.rows = Array(table.rows.prefix(2))
        for day in ["2026-11-01", "2026-11-02"] {
            let folder = month.appendingPathComponent(day)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try table.csv.write(to: folder.appendingPathComponent("fever_1.csv"))
        }
        try Repository.package("FeverClinic", "faults").write(to: month.appendingPathComponent("2026-11-02/late.zip"))
        let corrections = month.deletingLastPathComponent().appendingPathComponent("vedette-rows-\(UUID())")
        defer { try? FileManager.default.removeItem(at: corrections) }
        let checked = try Vedette.run(["check", month.path, "--corrections", corrections.path])
        let heads = checked.output.split(separator: "\n").filter { $0.hasPrefix("== ") }
        #expect(heads == ["== 2026-11-01", "== 2026-11-02", "== 2026-11-02/late.zip"])
        // The same record on two days is no mistake: they are two packages.
        #expect(checked.status == 1 && checked.output.contains("150 errors: 392 of 542 rows can be reported"))
        let rows = try FileManager.default.contentsOfDirectory(atPath: corrections.path)
        #expect(!rows.isEmpty && rows.allSatisfy { $0.contains("2026-11-02-late") }, "\(rows)")

        // The same as one workbook, which is read as the folder is.
        let workbook = corrections.appendingPathExtension("xlsx")
        defer { try? FileManager.default.removeItem(at: workbook) }
        let again = try Vedette.run(["check", month.path, "--corrections", workbook.path])
        #expect(again.status == 1 && again.output.contains("rejected rows: \(workbook.path)"))
        let both = try [corrections, workbook].map {
            try Vedette.run(["check", $0.path]).output.split(separator: "\n").last
        }
        #expect(both[0] == both[1] && both[0]?.contains("rows can be reported") == true, "\(both)")
    }

    private func run(_ name: String, _ words: [String], joinsErrors: Bool = false) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + words
        let output = Pipe()
        process.standardOutput = output
        if joinsErrors { process.standardError = output }
        process.environment = ProcessInfo.processInfo.environment.merging(Self.english) { $1 }
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }
}

private func isInstalled(_ tool: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
}
