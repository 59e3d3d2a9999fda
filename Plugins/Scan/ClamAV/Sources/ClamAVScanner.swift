import Glibc
public import PluginKit
public import SurveillanceKit

/// Asks a running clamd, over its socket, about what was uploaded.
///
/// The bytes go through the socket (`INSTREAM`): clamd needs no right to the server's files, and no plain byte touches the disk unless clamd
/// itself puts it there. Source: clamd(8), COMMANDS.
public struct ClamAVScanner: PluginKit.Scanner {
    public static let kind = PluginKind.scan
    public static let name = "clamav"
    public static let summary = BilingualText(
        zh: "通过本机 clamd 的套接字检查上传的文件是否含有病毒",
        en: "has uploaded documents looked at by a clamd on this machine, over its socket")
    public static let settings = [
        PluginSetting(
            "socket", .path, isRequired: true,
            BilingualText(
                zh: "clamd 的 Unix 套接字（LocalSocket），Debian 为 /run/clamav/clamd.ctl",
                en: "clamd's Unix socket (LocalSocket); /run/clamav/clamd.ctl on Debian")),
        PluginSetting(
            "timeoutSeconds", .number,
            BilingualText(zh: "等待 clamd 的最长秒数（默认 30）", en: "how long clamd is waited for, in seconds (default 30)")),
    ]

    private let path: String
    private let timeoutSeconds: Int

    public init(_ settings: PluginSettings) throws {
        path = settings.path("socket") ?? ""
        timeoutSeconds = settings.number("timeoutSeconds") ?? 30
        guard path.utf8.count < ClamAVScanner.longestPath else {
            throw settings.fault(
                "the path of a socket has at most \(ClamAVScanner.longestPath - 1) bytes", at: "socket")
        }
    }

    /// Source: sockaddr_un, unix(7).
    private static let longestPath = 108

    public func scan(_ bytes: () throws -> [UInt8]) throws -> ScanVerdict {
        let descriptor: Int32
        do {
            descriptor = try connect()
        } catch {
            return .failed(reason: error.reason)
        }
        defer { close(descriptor) }
        var isTaken = send(Array("zINSTREAM\0".utf8), to: descriptor)
        while isTaken {
            let piece = try bytes()
            let count = UInt32(piece.count)
            isTaken = send(
                [UInt8(count >> 24 & 0xFF), UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
                    + piece, to: descriptor)
            if piece.isEmpty { break }
        }
        // What is too large clamd answers before it has all, and takes no more.
        guard let answer = answer(from: descriptor) else {
            return .failed(reason: "clamd (\(path)) has not answered within \(timeoutSeconds) s")
        }
        return ClamAVScanner.verdict(answer)
    }

    /// What an answer of clamd's means.
    static func verdict(_ answer: String) -> ScanVerdict {
        let text = answer.hasPrefix("stream: ") ? String(answer.dropFirst(8)) : answer
        if text == "OK" { return .clean }
        if text.hasSuffix(" FOUND") {
            let name = String(text.dropLast(6))
            // Source: clamd.conf(5), AlertExceedsMax and AlertEncrypted.
            let isUnseen = ["Heuristics.Limits.Exceeded", "Heuristics.Encrypted"].contains { name.hasPrefix($0) }
            return isUnseen ? .notFullyScanned(reason: name) : .infected(name)
        }
        if text.hasPrefix("INSTREAM size limit exceeded") { return .notFullyScanned(reason: "StreamMaxLength") }
        return .failed(reason: "clamd: \(text.prefix(200))")
    }

    // MARK: The socket

    private struct NoConnection: Error {
        var reason: String
    }

    private func connect() throws(NoConnection) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure() }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else {
            defer { close(descriptor) }
            throw failure()
        }
        return descriptor
    }

    private func failure() -> NoConnection {
        NoConnection(reason: "clamd (\(path)) cannot be reached: \(String(cString: strerror(errno)))")
    }

    /// - Returns: false where clamd takes no more.
    private func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func answer(from descriptor: Int32) -> String? {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        while answer.count < 4096 {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            answer += buffer[..<count]
            if answer.last == 0 { break }
        }
        let text = String(decoding: answer.prefix { $0 != 0 }, as: UTF8.self)
        return text.isEmpty ? nil : String(text.trimmingPrefix { $0.isWhitespace }.prefix { !$0.isNewline })
    }
}
