import Glibc

/// A file that holds a secret alone, in one line, and that only its owner may read.
public enum SecretFile {
    private static let longest = 4096

    /// - Throws: `SecretFileError`, without anything of the secret.
    public static func read(_ path: String) throws -> String {
        var status = stat()
        guard stat(path, &status) == 0, let file = fopen(path, "re") else {
            throw SecretFileError(reason: "\(path): the file cannot be read (\(String(cString: strerror(errno))))")
        }
        defer { fclose(file) }
        guard status.st_mode & 0o077 == 0 else {
            throw SecretFileError(reason: "\(path): others may read the file; change its mode to 600")
        }
        var bytes = [UInt8](repeating: 0, count: longest + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        var lines = bytes[..<count].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard count <= longest, lines.count == 1, var line = lines.first, !line.contains(0) else {
            throw SecretFileError(reason: "\(path): the file must hold the secret alone, in one line")
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.isEmpty else {
            throw SecretFileError(reason: "\(path): the file must hold the secret alone, in one line")
        }
        return String(decoding: line, as: UTF8.self)
    }
}

/// Why a file of a secret cannot be used.
public struct SecretFileError: Error, Hashable, Sendable, CustomStringConvertible {
    public var reason: String
    public var description: String { reason }
}
