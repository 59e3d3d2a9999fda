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
