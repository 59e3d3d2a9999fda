import Glibc

/// Which types of tables a zip holds, by the names in its directory; nothing is unpacked.
enum ZipTypes {
    /// - Returns: none where the directory cannot be read: then the zip may hold anything.
    static func types(of path: String) -> Set<String> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let size = lseek(descriptor, 0, SEEK_END)
        // The end record and the longest comment. Source: PKWARE APPNOTE 6.3, 4.3.16.
        let tail = read(descriptor, from: max(0, size - 65_557), count: 65_557)
        guard let end = tail.indices.reversed().first(where: { tail[$0...].starts(with: [0x50, 0x4B, 5, 6]) }),
            let count = number(tail, end + 10, 2), let length = number(tail, end + 12, 4),
            let start = number(tail, end + 16, 4), length <= 1 << 20
        else { return [] }
        let directory = read(descriptor, from: start, count: length)
        var types: Set<String> = []
        var at = 0
        for _ in 0..<count {
            guard directory[min(at, directory.count)...].starts(with: [0x50, 0x4B, 1, 2]),
                let name = number(directory, at + 28, 2), let extra = number(directory, at + 30, 2),
                let comment = number(directory, at + 32, 2), at + 46 + name <= directory.count
            else { return [] }
            let text = String(decoding: directory[(at + 46)..<(at + 46 + name)], as: UTF8.self)
            if let file = text.split(separator: "/").last, !text.hasSuffix("/") {
                types.insert(type(ofTable: String(file)))
            }
            at += 46 + name + extra + comment
        }
        return types
    }

    /// A table's type is the part of its name before the first `_`.
    static func type(ofTable name: String) -> String {
        String(name.lowercased().prefix { $0 != "." }.prefix { $0 != "_" })
    }

    private static func read(_ descriptor: Int32, from offset: Int, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let found = pread(descriptor, &bytes, count, offset)
        return Array(bytes.prefix(max(0, found)))
    }

    private static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int? {
        guard at >= 0, at + count <= bytes.count else { return nil }
        return (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }
}
