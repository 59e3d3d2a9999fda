import Glibc
import ShangMi

/// File operations of which each is durable when it returns: synced, with the folders that changed.
public struct Disk: Sendable {
    /// Called before every step that changes a file or folder. A test throws here, as a crash at that step would end the program.
    var beforeStep: @Sendable (_ step: String) throws -> Void = { _ in }

    public init() {}

    init(beforeStep: @escaping @Sendable (_ step: String) throws -> Void) { self.beforeStep = beforeStep }

    /// Writes a whole file, which is either there as it was or as it becomes.
    func write(_ bytes: [UInt8], to path: String) throws {
        let (folder, name) = Self.parts(path)
        let temporary = "\(folder)/.\(name).new"
        try beforeStep("write \(name)")
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw DiskFault(name: name, code: errno) }
        do {
            defer { close(descriptor) }
            try Self.writeAll(bytes, to: descriptor, name)
            guard fsync(descriptor) == 0 else { throw DiskFault(name: name, code: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        try beforeStep("rename \(name)")
        guard Glibc.rename(temporary, path) == 0 else { throw DiskFault(name: name, code: errno) }
        try sync(folder)
    }

    /// Moves a file or folder. A file on another file system (a mounted share) is copied, and removed when the copy is durable.
    func move(_ from: String, to target: String) throws {
        let (folder, name) = Self.parts(target)
        try beforeStep("move \(name)")
        if Glibc.rename(from, target) == 0 {
            try sync(folder)
            try sync(Self.parts(from).folder)
            return
        }
        guard errno == EXDEV else { throw DiskFault(name: name, code: errno) }
        try copy(from, to: target)
        try remove(from)
    }

    private func copy(_ from: String, to target: String) throws {
        let (folder, name) = Self.parts(target)
        let temporary = "\(folder)/.\(name).new"
        let source = open(from, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw DiskFault(name: name, code: errno) }
        defer { close(source) }
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw DiskFault(name: name, code: errno) }
        do {
            defer { close(descriptor) }
            var chunk = [UInt8](repeating: 0, count: 1 << 18)
            while case let count = Glibc.read(source, &chunk, chunk.count), count != 0 {
                guard count > 0 else { throw DiskFault(name: name, code: errno) }
                try Self.writeAll(Array(chunk[..<count]), to: descriptor, name)
            }
            guard fsync(descriptor) == 0 else { throw DiskFault(name: name, code: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        try beforeStep("copied \(name)")
        guard Glibc.rename(temporary, target) == 0 else { throw DiskFault(name: name, code: errno) }
        try sync(folder)
    }

    func remove(_ path: String) throws {
        let (folder, name) = Self.parts(path)
        try beforeStep("remove \(name)")
        guard Glibc.remove(path) == 0 || errno == ENOENT else { throw DiskFault(name: name, code: errno) }
        try sync(folder)
    }

    /// Makes a folder; nothing where it is there.
    func makeFolder(_ path: String, mode: mode_t = 0o750) throws {
        let (folder, name) = Self.parts(path)
        guard access(path, F_OK) != 0 else { return }
        try beforeStep("make \(name)")
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw DiskFault(name: name, code: errno) }
        try sync(folder)
    }

    private func sync(_ folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DiskFault(name: Self.parts(folder).name, code: errno) }
        defer { close(descriptor) }
        // Some shares cannot sync a folder and say so; nothing more can be done there.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
            throw DiskFault(name: Self.parts(folder).name, code: errno)
        }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ name: String) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw DiskFault(name: name, code: errno) }
                rest = rest.dropFirst(count)
            }
        }
    }

    private static func parts(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate var baseAddress: UnsafeRawPointer? { UnsafeRawBufferPointer(rebasing: self).baseAddress }
}

/// Reading, which changes nothing.
extension Disk {
    struct Entry {
        /// Nil where the name is not UTF-8.
        var name: String?
        var isFile: Bool
        var size: Int64
        /// Nanoseconds since 1970.
        var modified: Int64
    }

    /// What lies in a folder, by name.
    func list(_ folder: String) throws(DiskFault) -> [Entry] {
        guard let stream = opendir(folder) else { throw DiskFault(name: folder, code: errno) }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { pointer -> String?? in
                    if strcmp(pointer, ".") == 0 || strcmp(pointer, "..") == 0 { return .none }
                    return .some(String(validatingCString: pointer))
                }
            }
            guard let name else { continue }
            guard let name else {
                entries.append(Entry(name: nil, isFile: false, size: 0, modified: 0))
                continue
            }
            var status = stat()
            // A link is no export: it may lead anywhere.
            guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
            entries.append(
                Entry(
                    name: name, isFile: status.st_mode & S_IFMT == S_IFREG, size: Int64(status.st_size),
                    modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)))
        }
        return entries.sorted { ($0.name ?? "") < ($1.name ?? "") }
    }

    /// The names of the folders in a folder; none where it is not there.
    func folders(in folder: String) -> [String] {
        ((try? list(folder)) ?? []).filter { !$0.isFile }.compactMap(\.name)
    }

    func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    func read(_ path: String) throws(DiskFault) -> [UInt8] {
        let name = Self.parts(path).name
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DiskFault(name: name, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = Glibc.read(descriptor, &chunk, chunk.count), count != 0 {
            guard count > 0 else { throw DiskFault(name: name, code: errno) }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// The SM3 of a file's bytes and how many they are.
    func digest(_ path: String) throws -> (sm3: String, size: Int64) {
        let name = Self.parts(path).name
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw DiskFault(name: name, code: errno) }
        defer { close(descriptor) }
        var sm3 = try SM3()
        var size: Int64 = 0
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while case let count = Glibc.read(descriptor, &chunk, chunk.count), count != 0 {
            guard count > 0 else { throw DiskFault(name: name, code: errno) }
            chunk.withUnsafeBytes { sm3.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            size += Int64(count)
        }
        return (sm3.finish().hex, size)
    }

    /// Bytes that may still be written where a path lies; nil where that cannot be asked.
    func freeBytes(_ path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}
