import Glibc

/// The token by which the server knows the hospital: the only line of a file that nobody else may read.
public enum TokenFile {
    /// - Throws: where it is missing, empty, or readable for others. What is thrown never repeats the token.
    public static func read(_ path: String) throws(AgentProblem) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? AgentProblem(
                    zh: "没有令牌文件 \(path)；请向平台管理员索取令牌，并执行：(umask 077; cat > \(path))",
                    en:
                        "there is no token file \(path); ask the platform's administrator for a token, and put it there: (umask 077; cat > \(path))"
                )
                : AgentProblem(
                    zh: "无法读取令牌文件 \(path)（\(String(cString: strerror(errno)))）",
                    en: "the token file \(path) cannot be read (\(String(cString: strerror(errno))))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw AgentProblem(zh: "\(path) 不是文件", en: "\(path) is no file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw AgentProblem(
                zh: "令牌文件 \(path) 可被其他用户读取；请执行：chmod 600 \(path)",
                en: "others may read the token file \(path); run: chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        let token = String(decoding: bytes[..<max(0, count)], as: UTF8.self).filter { !$0.isWhitespace }
        guard !token.isEmpty, token.utf8.count <= 512, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw AgentProblem(
                zh: "令牌文件 \(path) 为空或不是令牌；其中应只有一行令牌（vedette_…）",
                en: "the token file \(path) is empty or holds no token; it has one line, the token (vedette_…)")
        }
        return token
    }
}
