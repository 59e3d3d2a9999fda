/// An attribute of an element. Its name stands in the source code, its value is escaped; addresses are paths of this
/// site.
struct Attribute: Sendable {
    private let name: StaticString
    private let value: String?

    private init(_ name: StaticString, _ value: String?) {
        self.name = name
        self.value = value
    }

    func write(to markup: inout String) {
        markup += " \(name)"
        if let value { markup += "=\"\(HTML.escape(value))\"" }
    }

    static func `class`(_ value: String) -> Attribute { Attribute("class", value) }
    static func id(_ value: String) -> Attribute { Attribute("id", value) }
    static func lang(_ value: String) -> Attribute { Attribute("lang", value) }
    static func title(_ value: String) -> Attribute { Attribute("title", value) }
    static func role(_ value: String) -> Attribute { Attribute("role", value) }
    static func aria(_ name: Aria, _ value: String) -> Attribute { Attribute(name.attribute, value) }
    static func data(_ name: DataName, _ value: String) -> Attribute { Attribute(name.attribute, value) }

    // Links. A path is all that can be linked to, so no address can hold a script.
    static func href(_ path: SitePath) -> Attribute { Attribute("href", path.description) }
    static func fragment(_ id: StaticString) -> Attribute { Attribute("href", "#\(id)") }
    static func src(_ path: SitePath) -> Attribute { Attribute("src", path.description) }
    static func action(_ path: SitePath) -> Attribute { Attribute("action", path.description) }
    static func rel(_ value: StaticString) -> Attribute { Attribute("rel", value.description) }
    static func type(_ value: StaticString) -> Attribute { Attribute("type", value.description) }
    static let `defer` = Attribute("defer", nil)
    static let download = Attribute("download", nil)

    // Forms.
    static func formAction(_ path: SitePath) -> Attribute { Attribute("formaction", path.description) }
    static let post = Attribute("method", "post")
    static let get = Attribute("method", "get")
    static let multipart = Attribute("enctype", "multipart/form-data")
    static func name(_ value: StaticString) -> Attribute { Attribute("name", value.description) }
    static func value(_ value: String) -> Attribute { Attribute("value", value) }
    static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
    static func list(_ id: String) -> Attribute { Attribute("list", id) }
    static func accept(_ value: StaticString) -> Attribute { Attribute("accept", value.description) }
    static func autocomplete(_ value: StaticString) -> Attribute { Attribute("autocomplete", value.description) }
    static func placeholder(_ value: String) -> Attribute { Attribute("placeholder", value) }
    static func maximumLength(_ value: Int) -> Attribute { Attribute("maxlength", String(value)) }
    static let required = Attribute("required", nil)
    static let checked = Attribute("checked", nil)
    static func rows(_ count: Int) -> Attribute { Attribute("rows", String(count)) }
    /// Of an input whose name is known from a list alone.
    static func fieldName(_ value: String) -> Attribute { Attribute("name", value) }
    static let multiple = Attribute("multiple", nil)
    static let selected = Attribute("selected", nil)
    static let autofocus = Attribute("autofocus", nil)
    static let open = Attribute("open", nil)
    static let hidden = Attribute("hidden", nil)

    static func inputMode(_ value: StaticString) -> Attribute { Attribute("inputmode", value.description) }
    static func alternative(_ value: String) -> Attribute { Attribute("alt", value) }
    static let lazy = Attribute("loading", "lazy")

    // Heads and tables.
    static let utf8 = Attribute("charset", "utf-8")
    static func content(_ value: String) -> Attribute { Attribute("content", value) }
    static func httpEquiv(_ value: StaticString) -> Attribute { Attribute("http-equiv", value.description) }
    static func datetime(_ value: String) -> Attribute { Attribute("datetime", value) }
    static func scope(_ value: StaticString) -> Attribute { Attribute("scope", value.description) }
    static func columns(_ count: Int) -> Attribute { Attribute("colspan", String(count)) }

    enum Aria {
        case label, current, live, describedBy

        var attribute: StaticString {
            switch self {
            case .label: "aria-label"
            case .current: "aria-current"
            case .live: "aria-live"
            case .describedBy: "aria-describedby"
            }
        }
    }

    /// What the script reads from the page.
    enum DataName {
        case label, poll, print, upload, token, target, texts, limit, explain, shrink

        var attribute: StaticString {
            switch self {
            case .label: "data-label"
            case .poll: "data-poll"
            case .print: "data-print"
            case .upload: "data-upload"
            case .token: "data-token"
            case .target: "data-target"
            case .texts: "data-texts"
            case .limit: "data-limit"
            case .explain: "data-explain"
            case .shrink: "data-shrink"
            }
        }
    }
}
