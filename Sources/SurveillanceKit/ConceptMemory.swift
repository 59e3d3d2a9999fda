import Synchronization

/// Remembers for texts whether they mean a concept: hospitals use a few hundred names, over and over.
///
/// A slot holds 62 bits of a hash of the text and the answer. The hash has a key of its own in every process, so that nobody can choose
/// texts that share one. Threads may ask and remember at once.
final class ConceptMemory: @unchecked Sendable {
    // Safe to share: the pointer never changes, and slots are atomic.
    private let slots: UnsafeMutablePointer<Atomic<UInt64>>
    private let key: UInt64
    private let multiplier: UInt64

    private static let count = 2_048
    /// Longer texts are findings in words, of which hardly one comes twice.
    static let mostBytes = 256

    init() {
        slots = .allocate(capacity: ConceptMemory.count)
        for place in 0..<ConceptMemory.count { (slots + place).initialize(to: Atomic(0)) }
        key = UInt64.random(in: .min ... .max)
        multiplier = UInt64.random(in: .min ... .max) | 1
    }

    deinit {
        slots.deinitialize(count: ConceptMemory.count)
        slots.deallocate()
    }

    /// The answer that is remembered for a text, or else the one that is worked out now.
    func answer(for text: Span<UInt8>, _ work: (Span<UInt8>) -> Bool) -> Bool {
        let hash = hash(text)
        let slot = slots + Int(hash % UInt64(ConceptMemory.count))
        let expected = hash & ~3 | 2
        let known = slot.pointee.load(ordering: .relaxed)
        if known & ~1 == expected { return known & 1 == 1 }
        let answer = work(text)
        slot.pointee.store(expected | (answer ? 1 : 0), ordering: .relaxed)
        return answer
    }

    /// Eight bytes at a time, each step a multiplication of which both halves count.
    private func hash(_ text: Span<UInt8>) -> UInt64 {
        text.withUnsafeBytes { bytes in
            var hash = key ^ UInt64(bytes.count)
            var index = 0
            while index + 8 <= bytes.count {
                hash = mixed(hash ^ bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                index += 8
            }
            var rest: UInt64 = 0
            while index < bytes.count {
                rest = rest << 8 | UInt64(bytes[index])
                index += 1
            }
            return mixed(mixed(hash ^ rest) ^ key)
        }
    }

    private func mixed(_ number: UInt64) -> UInt64 {
        let (high, low) = number.multipliedFullWidth(by: multiplier)
        return high ^ low
    }
}
