import Glibc
public import SurveillanceKit

/// What keeps the agent from running, told with what would mend it.
public struct AgentProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public var message: BilingualText

    public init(zh: String, en: String) { message = BilingualText(zh: zh, en: en) }

    public var description: String { message.en }
}

/// A file operation that failed.
struct DiskFault: Error, Hashable, CustomStringConvertible {
    var name: String
    var code: Int32

    /// The system's own words, which are English.
    var words: String { String(cString: strerror(code)) }
    var isMissing: Bool { code == ENOENT }
    var isFull: Bool { code == ENOSPC || code == EDQUOT }

    var message: BilingualText {
        isFull
            ? BilingualText(zh: "磁盘已满，无法写入 \(name)；请清理磁盘", en: "the disk is full, \(name) cannot be written; make room")
            : BilingualText(zh: "\(name)：\(words)", en: "\(name): \(words)")
    }
    var description: String { message.en }
}

/// A file's name as it may stand in a line of a log: without characters that would begin another line or colour it.
func shown(_ name: String) -> String {
    String(
        String.UnicodeScalarView(
            name.unicodeScalars.map {
                $0.properties.generalCategory == .control || $0.properties.generalCategory == .format ? "?" : $0
            }))
}
