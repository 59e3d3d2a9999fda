import Glibc

/// Folders of the local disk.
enum Folder {
    /// Makes a folder for its owner alone, and its parents, where there is none; each is durable when this returns.
    static func make(_ path: String) throws {
        if mkdir(path, 0o700) == 0 { return try IntakeError.at(path) { try FileSystem.local.syncFolder(parent(path)) } }
        let code = errno
        if code == ENOENT, parent(path) != path {
            try make(parent(path))
            return try make(path)
        }
        guard code == EEXIST else { throw IntakeError(FileSystem.Fault("make the folder", code: code), path: path) }
    }

    /// What stands in a folder, sorted.
    static func names(_ path: String) throws -> [String] {
        guard let folder = opendir(path) else {
            throw IntakeError(FileSystem.Fault("read the folder", code: errno), path: path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
