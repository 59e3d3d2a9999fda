import SurveillanceKit
import Testing

@testable import Tabular

@Suite("Hostile archives")
struct HostileArchiveTests {
    @Test("are refused, each for what is wrong with it", arguments: HostileArchive.all)
    func refused(archive: HostileArchive) throws {
        let fault = try firstFault(archive.bytes, limits: archive.limits)
        #expect(fault == archive.expected)
    }

    @Test("are of more than 60 kinds, beside one that is sound")
    func kinds() throws {
        #expect(HostileArchive.all.count > 60)
        #expect(Set(HostileArchive.all.map(\.what)).count == HostileArchive.all.count)
        #expect(try firstFault(HostileArchive.sound.bytes) == nil)
    }

    @Test("get answers in both languages, a different one for each kind")
    func answers() {
        let errors = Set(HostileArchive.all.map(\.expected))
        for error in errors {
            #expect(error.message.zh.unicodeScalars.contains { $0.properties.isIdeographic }, "\(error)")
            #expect(!error.message.en.isEmpty && error.message.en.allSatisfy(\.isASCII), "\(error)")
        }
        #expect(Set(errors.map(\.message)).count == errors.count)
    }

    @Test("one bad file does not stop the others")
    func othersAreRead() throws {
        var zip = HostileArchive.sound
        zip.entries[0].flags |= 1
        let entries = try Archive(BytesSource(zip.bytes)).entries
        #expect(entries.map(\.fault) == [.encrypted, nil])
        #expect(throws: SourceError.archive(.encrypted)) { try entries[0].open() }
        #expect(try readAll(entries[1].open()) == Array("P900,P5\r\n1,2\r\n".utf8))
    }

    @Test("an archive cut off anywhere is refused as a whole")
    func cutAnywhere() {
        var zip = HostileArchive.sound
        zip.entries[0].stream()
        zip.comment = Array("comment".utf8)
        let bytes = zip.bytes
        for length in bytes.indices {
            #expect(throws: SourceError.self, "\(length) bytes") { try Archive(BytesSource(Array(bytes[..<length]))) }
        }
    }

    @Test("a changed byte never changes what a file says")
    func changedBytes() throws {
        var zip = HostileArchive.sound
        zip.entries[1].stream(signature: false, large: true)
        let bytes = zip.bytes
        let text = Array("P900,P5\r\n1,2\r\n".utf8)
        for index in bytes.indices {
            for mask: UInt8 in [0x01, 0x10, 0x80, 0xFF] {
                var changed = bytes
                changed[index] ^= mask
                guard let archive = try? Archive(BytesSource(changed)) else { continue }
                for entry in archive.entries {
                    guard let content = try? readAll(entry.open()) else { continue }
                    #expect(content == text, "byte \(index) changed by \(mask)")
                }
            }
        }
    }

    @Test("an archive that shrinks while it is read is nobody's fault")
    func shrinking() throws {
        let source = ShrinkingSource(bytes: HostileArchive.sound.bytes)
        let entry = try #require(try Archive(source).entries.first)
        #expect { try readAll(entry.open()) } throws: { error in
            (error as? SourceError)?.fault == nil
        }
    }
}

/// Pretends that another process has cut the file: data are gone, heads and directory are still there.
private struct ShrinkingSource: RandomAccessSource {
    let bytes: [UInt8]
    var size: Int { bytes.count }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let isData = offset == 39
        return isData ? 0 : try BytesSource(bytes).read(at: offset, into: buffer)
    }
}
