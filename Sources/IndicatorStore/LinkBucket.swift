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

    /// A record that has a link from now on, or has it no more.
    typealias Change = (link: Int64, record: Int64, isThere: Bool)

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
            LinkBucket.append(pair, after: last, to: &bytes)
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
    mutating func change(_ changes: some Sequence<Change>) {
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

    /// The bytes of a bucket after changes. New records are appended to what stands there, which is not unpacked for them.
    ///
    /// - Throws: `LogRow.damaged`.
    static func bytes(_ stored: UnsafeRawBufferPointer, after changes: some Collection<Change>) throws -> [UInt8] {
        var reader = VariableLength(stored)
        var last: Int64 = 0
        while !reader.isAtEnd {
            last &+= reader.signed()
            _ = reader.next()
        }
        guard !reader.isCut else { throw LogRow.damaged }
        guard areNew(changes, behind: stored.isEmpty ? .min : last) else {
            var bucket = try LinkBucket(stored)
            bucket.change(changes)
            return bucket.bytes
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(stored.count + changes.count * 6)
        bytes.append(contentsOf: stored)
        for (link, record, _) in changes {
            append(Pair(record: record, fragment: fragment(of: link)), after: last, to: &bytes)
            last = record
        }
        return bytes
    }

    /// Whether changes only add records, each behind the one before.
    private static func areNew(_ changes: some Collection<Change>, behind last: Int64) -> Bool {
        var last = last
        for change in changes {
            guard change.isThere, change.record > last else { return false }
            last = change.record
        }
        return true
    }

    private static func append(_ pair: Pair, after last: Int64, to bytes: inout [UInt8]) {
        VariableLength.append(signed: pair.record - last, to: &bytes)
        VariableLength.append(UInt64(pair.fragment), to: &bytes)
    }

    /// The changes of one bucket, in the order in which they came.
    struct Changes: RandomAccessCollection {
        fileprivate let all: [Change]
        fileprivate let places: ArraySlice<Int32>

        var startIndex: Int { places.startIndex }
        var endIndex: Int { places.endIndex }
        subscript(place: Int) -> Change { all[Int(places[place])] }
    }

    /// Changes by their buckets, in the order of those.
    ///
    /// - Parameter changes: fewer than 2^31.
    static func byNumber(_ changes: [Change]) -> [(number: Int, changes: Changes)] {
        guard !changes.isEmpty else { return [] }
        var ends = [Int](repeating: 0, count: count)
        for change in changes { ends[number(of: change.link)] += 1 }
        for number in ends.indices.dropFirst() { ends[number] += ends[number - 1] }
        var next = [0] + ends.dropLast()
        var places = [Int32](repeating: 0, count: changes.count)
        for (place, change) in changes.enumerated() {
            let number = number(of: change.link)
            places[next[number]] = Int32(place)
            next[number] += 1
        }
        var start = 0
        return ends.enumerated().compactMap { number, end in
            defer { start = end }
            return start == end ? nil : (number, Changes(all: changes, places: places[start..<end]))
        }
    }
}
