import Glibc

/// What was rendered for values seen lately. The values that are wrong are mostly the same few; those that are not push each other out.
struct ValueMemory: ~Copyable {
    private struct Entry: BitwiseCopyable {
        var template: Int32 = -1
        var valueCount: Int32 = 0
        var renderedCount = 0
    }

    private static let size = 1024
    private static let longestValue = 64
    private static let longestRendered = 192
    private static let stride = longestValue + longestRendered
    private let entries: UnsafeMutablePointer<Entry>
    /// For each entry the value and, from `longestValue` on, what was rendered for it.
    private let texts: UnsafeMutablePointer<UInt8>
    /// What is too long to be remembered, until the next one.
    private var passing: LinePiece

    init() {
        entries = .allocate(capacity: ValueMemory.size)
        entries.initialize(repeating: Entry(), count: ValueMemory.size)
        texts = .allocate(capacity: ValueMemory.size * ValueMemory.stride)
        passing = LinePiece([])
    }

    deinit {
        entries.deallocate()
        texts.deallocate()
        passing.deallocate()
    }

    /// What is rendered for a value at a template; good until the next call.
    @inline(__always)
    mutating func piece(
        for value: UnsafeBufferPointer<UInt8>, of template: Int32, render: () -> [UInt8]
    ) -> LinePiece {
        guard value.count <= ValueMemory.longestValue, let start = value.baseAddress else { return pass(render()) }
        let place = ValueMemory.place(of: value, template)
        let entry = entries + place
        let text = texts + place * ValueMemory.stride
        if entry.pointee.template != template || Int(entry.pointee.valueCount) != value.count
            || memcmp(text, start, value.count) != 0
        {
            let rendered = render()
            guard rendered.count <= ValueMemory.longestRendered else { return pass(rendered) }
            memcpy(text, start, value.count)
            for (index, byte) in rendered.enumerated() { text[ValueMemory.longestValue + index] = byte }
            entry.pointee = Entry(
                template: template, valueCount: Int32(value.count), renderedCount: rendered.count)
        }
        return LinePiece(start: text + ValueMemory.longestValue, count: entry.pointee.renderedCount)
    }

    @inline(never)
    private mutating func pass(_ rendered: [UInt8]) -> LinePiece {
        passing.deallocate()
        passing = LinePiece(rendered)
        return passing
    }

    @inline(__always)
    private static func place(of value: UnsafeBufferPointer<UInt8>, _ template: Int32) -> Int {
        var hash = UInt64(truncatingIfNeeded: template) &* 0x9E37_79B9_7F4A_7C15
        var rest = value
        while rest.count > 8 {
            hash = (hash ^ ShortText.word(rest)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            rest = UnsafeBufferPointer(rebasing: rest.dropFirst(8))
        }
        hash = (hash ^ ShortText.word(rest)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 48) & (size - 1)
    }
}
