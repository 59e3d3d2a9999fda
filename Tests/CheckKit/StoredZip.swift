/// A zip of files stored as they are.
public enum StoredZip {
    public static func bytes(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var zip: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let name = Array(file.name.utf8)
            // Version 2.0, names in UTF-8, stored, 1980-01-01.
            let head: [UInt8] =
                [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0] + little(crc32(file.bytes), 4) + little(file.bytes.count, 4)
                + little(file.bytes.count, 4) + little(name.count, 2) + [0, 0]
            directory +=
                [0x50, 0x4B, 1, 2, 20, 0] + head + [UInt8](repeating: 0, count: 10) + little(zip.count, 4) + name
            zip += [0x50, 0x4B, 3, 4] + head + name + file.bytes
        }
        return zip + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(files.count, 2) + little(files.count, 2)
            + little(directory.count, 4) + little(zip.count, 4) + [0, 0]
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func crc32(_ bytes: [UInt8]) -> Int {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return Int(~crc)
    }
}
