import Indicators

/// Some of an institution's records that children refer to, with a part of their link's hash each.
///
/// A row a record would outgrow what is counted: a bucket holds all records whose link begins with the same 12 bits, each with the 24 bits
/// that follow. Whoever looks up a link has to look whether a record really has it.
struct LinkBucket: Equatable {
    /// In the records' order.
    private(set) var pairs: [Pair] = []

    struct Pair: Equatable {
        var record: Int64
        var fragment: UInt32
    }

    /// How many buckets an institution has, at most.
    static let count = 4_096

    static func number(of link: Int64) -> Int { Int(UInt64(bitPattern: link) >> 52) }

    private static func fragment(of link: Int64) -> UInt32 { UInt32(UInt64(bitPattern: link) >> 28 & 0xFF_FFFF) }

    init() {}

    /// - Throws: `LogRow.damaged`.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        var reader = VariableLength(bytes)
        var record: Int64 = 0
        while !reader.isAtEnd {
            record &+= reader.signed()
            let fragment = reader.next()
            guard !reader.isCut else { throw LogRow.damaged }
            pairs.append(Pair(record: record, fragment: UInt32(truncatingIfNeeded: fragment)))
        }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pairs.count * 6)
        var last: Int64 = 0
        for pair in pairs {
            VariableLength.append(signed: pair.record - last, to: &bytes)
            VariableLength.append(UInt64(pair.fragment), to: &bytes)
            last = pair.record
        }
        return bytes
    }

    /// The records that may have a link.
    func records(_ link: Int64) -> [Int64] {
        let fragment = LinkBucket.fragment(of: link)
        return pairs.filter { $0.fragment == fragment }.map(\.record)
    }

    /// Takes out what is gone, then adds what is there.
    mutating func change(_ changes: some Sequence<(link: Int64, record: Int64, isThere: Bool)>) {
        var gone: [Pair] = []
        var added: [Pair] = []
        for (link, record, isThere) in changes {
            let pair = Pair(record: record, fragment: LinkBucket.fragment(of: link))
            if isThere { added.append(pair) } else { gone.append(pair) }
        }
        if !gone.isEmpty { pairs.removeAll(where: gone.contains) }
        added.sort { $0.record < $1.record }
        // New records have the highest numbers: mostly there is nothing to put in between.
        for pair in added {
            var place = pairs.endIndex
            while place > 0, pairs[place - 1].record > pair.record { place -= 1 }
            if place > 0, pairs[place - 1].record == pair.record {
                pairs[place - 1] = pair
            } else {
                pairs.insert(pair, at: place)
            }
        }
    }
}
