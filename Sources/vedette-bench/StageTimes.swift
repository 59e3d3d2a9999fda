import CoreRuntime
import Dispatch
import Foundation
import ProgramFiles
import SurveillanceKit
import Tabular
import Validation

/// How long each stage of a check takes, on one thread: the way of the file is gone to one stage further each time, and a stage's time
/// is what its step adds. Medians of several turns, in which the steps take each other's place so that a busy machine slows all alike.
struct StageTimes {
    private static let turns = 5

    private let name: String
    /// Bytes of the table as it stands, unpacked.
    private var bytes = 0
    private var rows = 0
    /// Seconds from the file to the end of unpacking, decoding, splitting, checking.
    private var reaching: [Double] = []

    init(_ path: String, _ registry: ProgramRegistry) throws {
        name = URL(fileURLWithPath: path).lastPathComponent
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw BenchError("\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let package = try UploadedPackage(name: name, source: try FileSource(descriptor: descriptor))
        guard let file = package.files.first else { throw BenchError("\(path): holds no file") }
        let examination = Examination(
            registry: registry,
            context: ValidationContext(receivedAt: RuleCases.receivedAt, seed: KeySeed((1, 2)), threads: 1))
        var times = [[Double]](repeating: [], count: 4)
        for _ in 0..<StageTimes.turns {
            times[0].append(try StageTimes.seconds { bytes = try StageTimes.drain(try file.open()) })
            times[1].append(try StageTimes.seconds { _ = try StageTimes.drain(TextDecoder(try file.open())) })
            times[2].append(try StageTimes.seconds { rows = try StageTimes.split(try file.open()) })
            times[3].append(
                try StageTimes.seconds {
                    var sink = NoSink()
                    _ = try examination.run(package, named: name, sink: &sink)
                })
        }
        reaching = times.map { $0.sorted()[$0.count / 2] }
    }

    var json: String {
        let stages = zip(["unpack", "decode", "split", "check"], reaching.indices).map { stage, index in
            let seconds = max(reaching[index] - (index == 0 ? 0 : reaching[index - 1]), 1e-9)
            return "\"\(stage)\":\(Int(Double(bytes) / 1e6 / seconds))"
        }
        let whole = Int(Double(bytes) / 1e6 / (reaching.last ?? 1))
        return """
            {"file":"\(name)","bytes":\(bytes),"rows":\(rows),"megabytesPerSecond":{\(stages.joined(separator: ",")),"whole":\(whole)}}
            """
    }

    private static func seconds(_ work: () throws -> Void) rethrows -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try work()
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }

    private static func drain(_ source: any ByteSource) throws -> Int {
        var source = source
        var bytes = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { return bytes }
            bytes += count
        }
    }

    private static func split(_ source: any ByteSource) throws -> Int {
        var reader = TableReader(source)
        let block = TableReader.makeBlock()
        var rows = 0
        while try reader.read(into: block) { rows += block.rowCount }
        return rows
    }
}

/// Takes everything and keeps nothing.
private struct NoSink: ValidationSink {
    mutating func begin(file: Int) {}
    mutating func found(_ findings: FindingBatch) {}
    mutating func found(_ finding: Finding) {}
    mutating func checked(_ batch: CheckedBatch) {}
    mutating func refuse(file: Int) {}
}
