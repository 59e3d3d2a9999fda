import Foundation
import Glibc
import SurveillanceKit

/// Reads small files that people write, whole, and says in both languages why one cannot be read.
enum FolderFile {
    /// No file of a program comes near it.
    static let maximumBytes = 32 << 20

    enum Answer {
        case bytes([UInt8])
        case unreadable(BilingualText)
    }

    /// Never waits: what is no regular file (a pipe, a device, a folder) is not opened for reading.
    static func read(_ url: URL, maximumBytes: Int = maximumBytes) -> Answer {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .unreadable(reason(errno)) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .unreadable(reason(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return .unreadable(
                BilingualText(zh: "不是普通文件；这里需要一个文件", en: "is no regular file; a file is needed here"))
        }
        guard status.st_size <= maximumBytes else {
            return .unreadable(
                BilingualText(zh: "超过 32 MB，不像监测项目的文件", en: "has more than 32 MB and is hardly a program's file"))
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            }
            guard count >= 0 else { return .unreadable(reason(errno)) }
            guard count > 0 else { break }
            filled += count
        }
        return .bytes(Array(bytes.prefix(filled)))
    }

    private static func reason(_ code: CInt) -> BilingualText {
        switch code {
        case ENOENT: BilingualText(zh: "文件不存在", en: "is not there")
        case EACCES: BilingualText(zh: "没有读取权限", en: "cannot be read: no permission")
        case ELOOP:
            BilingualText(
                zh: "是指向自身的符号链接，无法读取；请换成真正的文件",
                en: "is a symbolic link that leads back to itself; put the file itself there")
        default:
            BilingualText(zh: "无法读取（错误 \(code)）", en: "cannot be read (\(String(cString: strerror(code))))")
        }
    }

    /// The names in a folder, in order; nil where there is no such folder. Hidden ones are passed over.
    static func names(in folder: URL) -> [String]? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else { return nil }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    enum Kind { case file, folder, loop }

    /// What a path leads to, symbolic links followed.
    static func kind(of url: URL) -> Kind {
        var status = stat()
        guard stat(url.path, &status) == 0 else { return .loop }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
    }
}
