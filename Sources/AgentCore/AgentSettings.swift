public import AgentHTTP
import JSON
import SurveillanceKit

/// What `agent.json` says. It holds no secret: the token stands in a file of its own.
public struct AgentSettings: Sendable {
    public var server: ServerAddress
    /// A PEM file of the authorities to trust; nil for the system's.
    public var certificates: String?
    public var proxy: ServerAddress?
    /// How often the inbox is looked at.
    public var pollSeconds = 10
    /// How long nothing in the inbox may have changed before tables are taken together.
    public var quietSeconds = 60
    /// Whether a package in which the server finds errors is held back. It is checked first then, and nothing of it is stored.
    public var holdOnErrors = false

    public init(server: ServerAddress) { self.server = server }

    static let names: Set<String> = [
        "server", "certificates", "proxy", "allowPlainHTTP", "pollSeconds", "quietSeconds", "holdOnErrors",
    ]

    /// - Parameters:
    ///   - file: how the file is called in what is told.
    ///   - folder: from where relative paths in it count.
    public init(_ bytes: [UInt8], file: String, folder: String) throws(AgentProblem) {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(CommentedJSON.strict(bytes))
        } catch {
            throw AgentProblem(
                zh: "\(file) 第 \(error.position.line) 行：\(error.zh)", en: "\(file):\(error.position.line): \(error.en)")
        }
        let reader = SettingsReader(document: document, file: file)
        let members = try reader.members(known: Self.names)

        guard let text = try reader.string(members["server"]) else {
            throw AgentProblem(
                zh: "\(file)：缺少 \"server\"（服务器地址，如 https://vedette.example.org）",
                en: "\(file): \"server\" is missing (the server's address, such as https://vedette.example.org)")
        }
        guard let server = ServerAddress(text) else {
            throw reader.fault(
                members["server"], zh: "\"server\" 不是有效地址，应如 https://vedette.example.org:8443",
                en: "\"server\" is no address; it looks like https://vedette.example.org:8443")
        }
        self.server = server
        let allowsPlain = try reader.bool(members["allowPlainHTTP"]) ?? false
        if !server.isTLS, !server.isLoopback, !allowsPlain {
            throw reader.fault(
                members["server"],
                zh: "\"server\" 使用明文 http，患者数据会被网络上的人看到；请改用 https，确需明文时设置 \"allowPlainHTTP\": true",
                en:
                    "\"server\" is plain http, in which anybody on the network reads patients' data; use https, or set \"allowPlainHTTP\": true"
            )
        }
        if let path = try reader.string(members["certificates"]) {
            certificates = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        }
        if let text = try reader.string(members["proxy"]) {
            guard let proxy = ServerAddress(text), !proxy.isTLS, proxy.path.isEmpty else {
                throw reader.fault(
                    members["proxy"], zh: "\"proxy\" 应如 http://proxy.example.org:3128，不含账号和密码",
                    en: "\"proxy\" looks like http://proxy.example.org:3128, without a name and password")
            }
            self.proxy = proxy
        }
        pollSeconds = try reader.number(members["pollSeconds"], "pollSeconds", 1...300) ?? pollSeconds
        quietSeconds = try reader.number(members["quietSeconds"], "quietSeconds", 0...3600) ?? quietSeconds
        holdOnErrors = try reader.bool(members["holdOnErrors"]) ?? false
    }
}

/// Members of the settings, each refused with its line where it is unknown or of another type.
private struct SettingsReader {
    let document: JSONDocument
    let file: String

    func members(known: Set<String>) throws(AgentProblem) -> [String: JSONMember] {
        guard case .object(let members) = document.root.content else {
            throw AgentProblem(zh: "\(file)：需要一个对象 { … }", en: "\(file): an object { … } is needed")
        }
        for member in members where !known.contains(member.name) {
            let list = known.sorted().joined(separator: ", ")
            throw fault(
                member, zh: "未知的设置“\(member.name)”；可用 \(list)",
                en: "unknown setting '\(member.name)'; known are \(list)")
        }
        return Dictionary(members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func fault(_ member: JSONMember?, zh: String, en: String) -> AgentProblem {
        let line = document.position(of: member?.nameOffset ?? 0).line
        return AgentProblem(zh: "\(file) 第 \(line) 行：\(zh)", en: "\(file):\(line): \(en)")
    }

    func string(_ member: JSONMember?) throws(AgentProblem) -> String? {
        guard let member else { return nil }
        guard case .string(let text) = member.value.content, !text.isEmpty, !text.contains("\0") else {
            throw fault(member, zh: "\"\(member.name)\" 应为文字", en: "\"\(member.name)\" must be a text")
        }
        return text
    }

    func bool(_ member: JSONMember?) throws(AgentProblem) -> Bool? {
        guard let member else { return nil }
        guard case .bool(let flag) = member.value.content else {
            throw fault(
                member, zh: "\"\(member.name)\" 应为 true 或 false", en: "\"\(member.name)\" must be true or false")
        }
        return flag
    }

    func number(_ member: JSONMember?, _ name: String, _ range: ClosedRange<Int>) throws(AgentProblem) -> Int? {
        guard let member else { return nil }
        guard case .number(let value) = member.value.content, let number = Int(exactly: value), range.contains(number)
        else {
            throw fault(
                member, zh: "\"\(name)\" 应为 \(range.lowerBound) 到 \(range.upperBound) 的整数",
                en: "\"\(name)\" must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
