import AllPrograms
import Checking
import CoreRuntime
import ExportCSV
import ExportXLSX
import Foundation
import PluginKit
import ProgramFiles
import SurveillanceKit
import Validation

/// `vedette check`: validates files or packages without a server.
enum CheckCommand: Command {
    static let name = "check"
    static let summary = BilingualText(zh: "不连服务器，核验文件或数据包", en: "validate files or packages without a server")
    static let manual = Manual(
        usage: [
            .init("vedette check [options] PATH…"),
            .init(
                "vedette check [options] -",
                BilingualText(zh: "从标准输入读取一个文件或 zip", en: "one file or zip from standard input")),
        ],
        text: [
            BilingualText(
                zh: "按服务器的规则核验 CSV 文件、zip 数据包，或存放它们的文件夹，说明哪里有问题、应为什么。",
                en:
                    "Validates CSV files, zip packages, or folders of them, as the server would, and says what is wrong, where, and what was expected."
            ),
            BilingualText(
                zh: "一起给出的 CSV 是一个数据包。文件夹里有子文件夹时，每个子文件夹是一个数据包，例如一个月里每天一个文件夹；每个 zip 是一个数据包。最后一行是合计。",
                en:
                    "CSV files given together are one package. In a folder with folders each of them is a package, such as the days of a month; each zip is one, too. The last line counts them all."
            ),
            BilingualText(
                zh: "主记录不在数据包中时，这里只给警告：服务器会在已入库的记录中查找。日期是否晚于今天，按监测项目所在时区的今天判断。",
                en:
                    "A parent that is not in the package is only a warning here: the server looks in what is stored. What must not lie in the future is judged by the clock's day in the program's time zone."
            ),
        ],
        options: [
            .init("--program", "ID", zh: "只核验该监测项目的文件", en: "only this program's files"),
            .init(
                "--institution", "CODE", zh: "上报机构；每行 P900 必须为该代码（不填时：各行相同即可）",
                en: "the reporting institution; every P900 must be its code (otherwise: the same in all rows)"),
            .init(
                "--format", "text|json", zh: "text 供阅读；json 每行一个问题，最后一行为合计（默认 text）",
                en: "for people, or one finding a line and a last line with the counts (default: text)"),
            .init(
                "--corrections", "PATH", zh: "把每个文件被退回的行连同问题写为 CSV 放入该文件夹；以 .xlsx 结尾时写成一个工作簿，每个文件一张工作表。改正后可直接上传",
                en:
                    "writes each file's rejected rows with their findings, to be mended and uploaded as they are: as CSV into this folder, or, where it ends in .xlsx, as a workbook with a sheet for each file"
            ),
            .init(
                "--name", "NAME", zh: "标准输入的文件名，例如 flu_20261108.csv（默认按内容判断 zip）",
                en: "how what comes from standard input is called, flu_20261108.csv (default: a zip)"),
            .init(
                "--threads", "N", zh: "核验所用线程数（默认：处理器核数）", en: "threads that check rows (default: the number of cores)"),
            .init(
                "--programs", "DIR", zh: "监测项目文件夹（默认：当前文件夹或程序旁的 Surveillance）",
                en: "the programs' folder (default: Surveillance beside the working directory or the executable)"),
        ],
        exit: BilingualText(zh: "0 没有错误，1 有错误，2 无法运行", en: "0 no errors, 1 errors found, 2 could not run"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words, manual)
        guard !arguments.operands.isEmpty else {
            throw UsageError("没有要核验的文件：请给出 CSV 文件、zip 或文件夹", "no file to check; give a CSV file, a zip or a folder")
        }
        let format = try arguments.choice("--format", of: ["text", "json"], default: "text")
        let language = Terminal.language
        let threads = try arguments.number("--threads", default: ProcessInfo.processInfo.activeProcessorCount)

        var registry = try ProgramRegistry(
            folder: try ProgramsFolder.find(arguments.value("--programs")), threads: threads)
        if let program = arguments.value("--program") { registry = try registry.restricted(to: program) }
        let corrections = try arguments.value("--corrections").map {
            try OfflineCorrections(
                to: URL(fileURLWithPath: $0), language: language,
                export: OfflineCorrections.isWorkbook($0)
                    ? .workbook { sheets, language in
                        try XLSXExporter().workbook(
                            of: sheets.map { ExportSheet(name: $0.name, open: $0.open) }, in: language)
                    }
                    : .csv { try CSVExporter().file(of: $0, in: $1) })
        }
        let check = OfflineCheck(
            registry: registry, institution: arguments.value("--institution"),
            now: .systemClock(), threads: threads, corrections: corrections)
        guard !arguments.operands.contains("-") || arguments.operands.count == 1 else {
            throw UsageError("- 不能与其他文件一起给出", "- stands alone: one file or zip from standard input")
        }
        let packages =
            arguments.operands == ["-"]
            ? [
                OfflinePackage(
                    name: arguments.value("--name") ?? "stdin.zip",
                    bytes: Array(try FileHandle.standardInput.readToEnd() ?? Data()))
            ] : try check.packages(at: arguments.operands.map { URL(fileURLWithPath: $0) })
        let output = StandardOutput()
        let progress = Progress()
        defer { progress.end() }
        func tell(_ index: Int) {
            progress.tell(
                say(
                    "正在核验 \(packages[index].name)（第 \(index + 1) 个，共 \(packages.count) 个）",
                    "checking \(packages[index].name) (\(index + 1) of \(packages.count))"))
        }
        var reports: [FileReport] = []
        if format == "json" {
            var sink = JSONLinesSink(output: output)
            for (index, package) in packages.enumerated() {
                tell(index)
                reports += try check.run(package, sink: &sink)
            }
            try corrections?.finish()
            try sink.finish(reports)
        } else {
            var wrap: (@Sendable (String, Int) -> [String])?
            if isatty(1) == 1 {
                let width = Terminal.width
                wrap = { Columns.wrapped($0, width: width, indent: $1) }
            }
            let text = TextReport(
                language: language, hasColours: Terminal.hasColours, wrap: wrap)
            for (index, package) in packages.enumerated() {
                tell(index)
                var sink = FindingGroups()
                let own = try check.run(package, sink: &sink)
                progress.pause()
                if packages.count > 1 { output.write("== \(package.name)\n") }
                output.write(text.files(own, sink))
                output.flush()
                reports += own
            }
            try corrections?.finish()
            output.write(text.total(reports) + "\n")
            for form in corrections?.written ?? [] {
                output.write(say("退回行：\(form.path)\n", "rejected rows: \(form.path)\n"))
            }
        }
        output.flush()
        return reports.contains { $0.errors > 0 } ? 1 : 0
    }
}
