/// Numbers of records in few bytes: runs of numbers in a row, each as how far it is from the last and how long it is.
///
/// New records have numbers of their own in a row, so that those of a whole package are a few bytes.
struct RecordNumbers: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    private var end: Int64 = 0
    private var run: Range<Int64>?

    /// - Parameter record: greater than every one before.
    mutating func append(_ record: Int64) {
        count += 1
        if let run, run.upperBound == record {
            self.run = run.lowerBound..<record + 1
        } else {
            flush()
            run = record..<record + 1
        }
    }

    /// The bytes of all numbers so far.
    mutating func finish() -> [UInt8] {
        flush()
        return bytes
    }

    init() {}

    init(_ records: [Int64]) {
        for record in records.sorted() { append(record) }
    }

    private mutating func flush() {
        guard let run else { return }
        put(UInt64(run.lowerBound - end))
        put(UInt64(run.count))
        end = run.upperBound
        self.run = nil
    }

    private mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Numbers as runs, each once, ascending.
    static func runs(_ records: [Int64]) -> [Range<Int64>] {
        var runs: [Range<Int64>] = []
        for record in records.sorted() {
            guard let last = runs.last, record <= last.upperBound else {
                runs.append(record..<record + 1)
                continue
            }
            if record == last.upperBound { runs[runs.count - 1] = last.lowerBound..<record + 1 }
        }
        return runs
    }

    /// The runs that some bytes hold, ascending.
    static func runs(_ bytes: [UInt8]) -> [Range<Int64>] {
        var runs: [Range<Int64>] = []
        var index = 0
        func number() -> Int64? {
            var (value, shift) = (UInt64(0), UInt64(0))
            while index < bytes.count, shift < 63 {
                let byte = bytes[index]
                index += 1
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return Int64(bitPattern: value) }
                shift += 7
            }
            return nil
        }
        var end: Int64 = 0
        while let gap = number(), let length = number(), length > 0 {
            runs.append(end + gap..<end + gap + length)
            end += gap + length
        }
        return runs
    }
}
