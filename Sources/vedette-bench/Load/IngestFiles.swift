import CoreRuntime
import Foundation
import SelfTest
import SurveillanceKit

/// Tables of influenza visits as a hospital sends them again and again: the rows of a pool, from one place to another.
struct InfluenzaPool {
    private let header: [UInt8]
    private var rows: [[UInt8]] = []

    init(_ fileType: FileType, rows count: Int, institution: String, seed: UInt64) {
        header = Array(fileType.fields.map(\.name).joined(separator: ",").utf8) + [0x0A]
        let maker = InfluenzaRows()
        var random = SeededRandom(seed: seed)
        var row = TableRow(fileType)
        rows.reserveCapacity(count)
        for number in 0..<count {
            row.clear()
            maker.fill(&row, number: number, &random)
            if let field = fileType.institutionField { row[field] = institution }
            var bytes: [UInt8] = []
            row.append(to: &bytes)
            rows.append(bytes)
        }
    }

    /// The table of some rows.
    ///
    /// - Parameter change: the place from which on the first row with a cough gets another complaint.
    func table(_ range: Range<Int>, change: Int? = nil) -> [UInt8] {
        let (cough, sneezes) = (Array("咳嗽".utf8), Array("喷嚏".utf8))
        let changed = change.flatMap { place in
            range.first { $0 >= place && rows[$0].firstRange(of: cough) != nil }
        }
        var bytes = header
        for index in range {
            var row = rows[index]
            if index == changed, let place = row.firstRange(of: cough) { row.replaceSubrange(place, with: sneezes) }
            bytes += row
        }
        return bytes
    }
}

/// Packages of a fever clinic: every day's holds the visits of seven days, so six of seven rows are known from the day before.
struct FeverPackages {
    static let visits = 700
    /// 700 visits, 700 prescriptions, 1,400 results and 600 examinations.
    static let rows = 3_400
    private static let perDay = visits / 7
    /// For each file type its table's header and, for each visit, its rows.
    private var tables: [(fileType: String, header: String, rows: [[String]])] = []

    /// - Parameter days: how many packages there are.
    init(_ program: Program, cases: [String: RuleCases], days: Int) throws {
        var generator = PackageGenerator(program, cases: cases, seed: 3)
        let count = Self.visits + Self.perDay * (days - 1)
        guard let visit = program.fileType("fever") else { throw BenchError("no fever") }
        let visits = (0..<count).map { generator.row(of: visit, number: $0) }
        for fileType in program.fileTypes {
            var table = GeneratedTable(fileType, fileName: fileType.id)
            func text(_ row: [String]) -> String {
                table.rows = [row]
                return table.text()
            }
            let header = table.text()
            table.hasHeader = false
            let rows = (0..<count).map { number -> [String] in
                switch fileType.id {
                case "fever": return [text(visits[number])]
                case "examine" where number % 7 == 6: return []
                case "lab":
                    return (0..<2).map {
                        text(generator.row(of: fileType, number: number * 2 + $0, parent: visits[number]))
                    }
                default: return [text(generator.row(of: fileType, number: number, parent: visits[number]))]
                }
            }
            tables.append((fileType.id, header, rows))
        }
    }

    /// The files of a day's package.
    func files(day: Int, institution: String) -> [(name: String, bytes: [UInt8])] {
        let first = day * Self.perDay
        return tables.map { table in
            let text = table.header + table.rows[first..<first + Self.visits].joined().joined()
            return ("\(table.fileType)_\(day).csv", Array(text.replacing(Self.code, with: institution).utf8))
        }
    }

    /// The institution that the programs' own cases name.
    private static let code = "12345678901234567890A1"
}

/// Zips as a hospital's exporter makes them, by Python's zipfile.
enum PackedFiles {
    static func zip(_ files: [(name: String, bytes: [UInt8])], in folder: URL) throws -> [UInt8] {
        let place = folder.appendingPathComponent("zip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        for file in files { try Data(file.bytes).write(to: place.appendingPathComponent(file.name)) }
        try run("python3", ["-m", "zipfile", "-c", "package.zip"] + files.map(\.name), in: place)
        return Array(try Data(contentsOf: place.appendingPathComponent("package.zip")))
    }

    /// Runs a program to its end and answers the seconds it took.
    @discardableResult
    static func run(_ program: String, _ arguments: [String], in folder: URL) throws -> Double {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let start = DispatchTime.now().uptimeNanoseconds
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchError("\(program) ended with \(process.terminationStatus)")
        }
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }
}
