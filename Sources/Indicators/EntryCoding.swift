/// How entries lie in a database: whole numbers in as few bytes as they need, equal entries as equal bytes.
///
/// An entry is the step of its day from the one before, its cell, the value where values are kept, and the amount. Steps, values and amounts may
/// be negative: they are folded so that small ones are short.
public struct EntryCoding: Hashable, Sendable {
    public let keepsValues: Bool

    public init(keepsValues: Bool) { self.keepsValues = keepsValues }

    /// Appends entries, in their order.
    public func append(_ entries: some Sequence<IndicatorEntry>, after start: Int32, to bytes: inout [UInt8]) {
        var day = Int64(start)
        for entry in entries {
            VariableLength.append(signed: Int64(entry.day) - day, to: &bytes)
            day = Int64(entry.day)
            VariableLength.append(UInt64(entry.cell), to: &bytes)
            if keepsValues { VariableLength.append(signed: entry.value, to: &bytes) }
            VariableLength.append(signed: entry.amount, to: &bytes)
        }
    }

    /// The day of the first entry.
    public static func firstDay(_ bytes: UnsafeRawBufferPointer, after start: Int32) -> Int32 {
        var reader = VariableLength(bytes)
        return Int32(truncatingIfNeeded: Int64(start) &+ reader.signed())
    }

    /// Reads entries back. What is cut off or damaged ends the reading.
    ///
    /// - Returns: false where the bytes end amid an entry.
    @inlinable @discardableResult
    public func forEach(
        _ bytes: UnsafeRawBufferPointer, after start: Int32,
        _ body: (_ day: Int32, _ cell: Int32, _ value: Int64, _ amount: Int64) -> Void
    ) -> Bool {
        var reader = VariableLength(bytes)
        var day = Int64(start)
        while !reader.isAtEnd {
            day &+= reader.signed()
            let cell = Int32(truncatingIfNeeded: reader.next())
            let value = keepsValues ? reader.signed() : 0
            let amount = reader.signed()
            guard !reader.isCut else { return false }
            body(Int32(truncatingIfNeeded: day), cell, value, amount)
        }
        return true
    }
}

/// Whole numbers of seven bits a byte, the lowest first; the eighth bit says that more follow.
public struct VariableLength {
    @usableFromInline var next0: UnsafeRawPointer?
    @usableFromInline let end: UnsafeRawPointer?
    /// Whether the bytes have ended amid a number.
    public private(set) var isCut = false

    @inlinable
    public init(_ bytes: UnsafeRawBufferPointer) {
        next0 = bytes.baseAddress
        end = bytes.baseAddress.map { $0 + bytes.count }
    }

    @inlinable public var isAtEnd: Bool { next0 == end }

    /// Where the next number begins, counted from the start of `bytes`.
    public func offset(in bytes: UnsafeRawBufferPointer) -> Int {
        guard let next0, let start = bytes.baseAddress else { return 0 }
        return next0 - start
    }

    public mutating func skip(_ count: Int) {
        guard let next0, let end, count <= end - next0 else {
            cut()
            return
        }
        self.next0 = next0 + count
    }

    @inlinable
    public mutating func next() -> UInt64 {
        guard var place = next0, let end else { return 0 }
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while place < end {
            let byte = place.load(as: UInt8.self)
            place += 1
            number |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 {
                next0 = place
                return number
            }
            shift &+= 7
            if shift > 63 { break }
        }
        cut()
        return 0
    }

    @inlinable
    public mutating func signed() -> Int64 {
        let folded = next()
        return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
    }

    @usableFromInline
    mutating func cut() {
        next0 = end
        isCut = true
    }

    public static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var number = number
        while number >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
            number >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: number))
    }

    public static func append(signed number: Int64, to bytes: inout [UInt8]) {
        append(UInt64(bitPattern: number << 1 ^ number >> 63), to: &bytes)
    }
}
