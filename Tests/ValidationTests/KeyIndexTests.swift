import Testing

@testable import Validation

@Suite("Keys of a file")
struct KeyIndexTests {
    private func hash(_ text: String) -> KeyHash {
        var hasher = KeyHasher(seed: KeySeed((1, 2)))
        Array(text.utf8).withUnsafeBufferPointer { hasher.combine($0) }
        return hasher.finish()
    }

    @Test("a hundred thousand keys are all found again, and none that was not entered")
    func manyKeys() {
        let index = KeyIndex()
        for row in 0..<100_000 {
            #expect(index.insert(hash("key \(row)"), row: row + 2, isRejected: row % 7 == 0, isUnique: true) == nil)
        }
        for row in 0..<100_000 {
            #expect(index.insert(hash("key \(row)"), row: row + 200_000, isRejected: false, isUnique: true) == row + 2)
            #expect(index.membership(of: hash("other \(row)")) == .absent)
        }
    }

    @Test("values beside a key stay its own as the index grows; where rows disagree they are unknown")
    func values() {
        let index = KeyIndex(valueCount: 2)
        func enter(_ name: String, _ row: Int, _ values: [UInt32], isRejected: Bool = false) {
            _ = index.insert(hash(name), row: row, isRejected: isRejected, isUnique: false, values: values[...])
        }
        for row in 0..<50_000 { enter("key \(row)", row + 2, [UInt32(row + 1), 7], isRejected: row % 3 == 0) }
        for row in 0..<50_000 { #expect(index.value(0, of: hash("key \(row)")) == UInt32(row + 1)) }
        enter("key 1", 60_000, [5, 7])
        #expect(index.value(0, of: hash("key 1")) == ValueHash.unknown && index.value(1, of: hash("key 1")) == 7)
        enter("key 2", 60_001, [5, 5], isRejected: true)
        #expect(index.value(0, of: hash("key 2")) == 3)
        enter("key 3", 60_002, [5, 6])
        #expect(index.value(0, of: hash("key 3")) == 5 && index.value(1, of: hash("key 3")) == 6)
    }

    @Test("values are told apart by where one ends and the next begins")
    func parts() {
        func hash(_ parts: [String]) -> KeyHash {
            var hasher = KeyHasher(seed: KeySeed((3, 4)))
            for part in parts { Array(part.utf8).withUnsafeBufferPointer { hasher.combine($0) } }
            return hasher.finish()
        }
        #expect(hash(["ab", "c"]) != hash(["a", "bc"]))
        #expect(hash(["abcdefgh", ""]) != hash(["", "abcdefgh"]))
        #expect(hash(["abcdefgh", "i"]) == hash(["abcdefgh", "i"]))
    }
}
