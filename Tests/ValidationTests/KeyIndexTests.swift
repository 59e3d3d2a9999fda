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

    @Test("a key that must be unique stays rejected where its first row was, whatever comes after it")
    func rejectedStaysRejected() {
        let index = KeyIndex()
        #expect(index.insert(hash("A"), row: 2, isRejected: true, isUnique: true) == nil)
        #expect(index.insert(hash("A"), row: 3, isRejected: false, isUnique: true) == 2)
        #expect(index.membership(of: hash("A")) == .rejected(row: 2))
        // Where keys need not be unique, the row that stands is the parent.
        #expect(index.insert(hash("B"), row: 2, isRejected: true, isUnique: false) == nil)
        #expect(index.insert(hash("B"), row: 3, isRejected: false, isUnique: false) == 2)
        #expect(index.membership(of: hash("B")) == .standing)
        #expect(index.insert(hash("B"), row: 4, isRejected: true, isUnique: false) == 3)
        #expect(index.membership(of: hash("B")) == .standing)
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
