import JSON
import SurveillanceKit

/// Whether a PDF is whole, and holds nothing but pages to look at.
///
/// qpdf reads it strictly in a child process; its account of all objects, in which names are spelt out and streams of objects are taken
/// apart, is searched for what acts. Nothing is removed or mended: a document is evidence, and stays as it is or is not taken.
struct PDFCheck {
    static let maximumPages = 50
    private static let qpdf = "/usr/bin/qpdf"

    /// - Returns: the number of pages.
    static func check(_ bytes: [UInt8]) throws(DocumentFault) -> Int {
        guard bytes.starts(with: "%PDF-1.".utf8) || bytes.starts(with: "%PDF-2.".utf8) else {
            throw .damaged(BilingualText(zh: "不是 PDF 文件头", en: "it does not begin as a PDF"))
        }
        try checkEnd(bytes)
        let checked = try LimitedProcess(includesErrors: true).run([qpdf, "--check", LimitedProcess.document], bytes)
        let text = String(decoding: checked.output, as: UTF8.self)
        if text.contains("invalid password") { throw .encrypted }
        let account = try LimitedProcess().run(
            [
                qpdf, "--json=2", "--json-stream-data=none", "--json-key=qpdf", "--json-key=pages",
                "--json-key=encrypt", "--json-key=attachments", LimitedProcess.document,
            ], bytes)
        // 2 is qpdf's for errors; it says so, too, where a password is wanted.
        guard !account.isCutOff, account.status == 0 || account.status == 3,
            let root = try? JSONDocument(account.output).root
        else {
            if checked.status == 2, isEncrypted(bytes) { throw .encrypted }
            throw .damaged(BilingualText(zh: "结构无法解析", en: "its structure cannot be read"))
        }
        if member("encrypted", of: member("encrypt", of: root)).map({ isTrue($0) }) == true { throw .encrypted }
        if case .object(let found)? = member("attachments", of: root)?.content, !found.isEmpty { throw .embeddedFiles }
        if case .array(let parts)? = member("qpdf", of: root)?.content, parts.count == 2 {
            try search(parts[1], depth: 0)
        }
        guard checked.status == 0 else {
            throw .damaged(BilingualText(zh: "结构有错误", en: "its structure has errors"))
        }
        guard case .array(let pages)? = member("pages", of: root)?.content, !pages.isEmpty else {
            throw .damaged(BilingualText(zh: "没有页面", en: "it has no page"))
        }
        guard pages.count <= maximumPages else { throw .tooManyPages(pages.count, maximum: maximumPages) }
        return pages.count
    }

    /// Behind the last `%%EOF`, which stands in the last KiB, there are blanks alone.
    private static func checkEnd(_ bytes: [UInt8]) throws(DocumentFault) {
        let mark = Array("%%EOF".utf8)
        let start = max(0, bytes.count - 1024)
        let found = stride(from: bytes.count - mark.count, through: start, by: -1).first {
            bytes[$0...].starts(with: mark)
        }
        guard let found else { throw .damaged(PNGStructure.truncated) }
        let rest = bytes[(found + mark.count)...]
        guard rest.allSatisfy({ [0x00, 0x09, 0x0A, 0x0D, 0x20].contains($0) }) else {
            throw .bytesBehindEnd(rest.count)
        }
    }

    private static func isEncrypted(_ bytes: [UInt8]) -> Bool {
        let mark = Array("/Encrypt".utf8)
        guard bytes.count > mark.count else { return false }
        return (0...(bytes.count - mark.count)).contains { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
    }

    // MARK: What acts

    /// Kinds of actions that do more than lead to a page or to an address.
    private static let actions: Set<String> = [
        "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
        "/Hide", "/Named", "/SetOCGState", "/GoTo3DView", "/RichMediaExecute", "/ResetForm", "/Thread",
    ]
    /// Keys that bring something to run, or another file.
    private static let keys: [String: BilingualText] = [
        "/JS": BilingualText(zh: "脚本", en: "a script"), "/JavaScript": BilingualText(zh: "脚本", en: "a script"),
        "/AA": BilingualText(zh: "自动动作", en: "automatic actions"),
        "/XFA": BilingualText(zh: "XFA 表单", en: "an XFA form"),
        "/RichMedia": BilingualText(zh: "多媒体", en: "rich media"),
        "/RichMediaContent": BilingualText(zh: "多媒体", en: "rich media"),
        "/Launch": BilingualText(zh: "启动程序", en: "starting a program"),
    ]
    private static let embedding: Set<String> = ["/EmbeddedFiles", "/EF", "/AF"]

    private static func search(_ node: JSONNode, depth: Int) throws(DocumentFault) {
        guard depth < 60 else { throw .damaged(BilingualText(zh: "嵌套过深", en: "it is nested too deeply")) }
        switch node.content {
        case .array(let elements): for element in elements { try search(element, depth: depth + 1) }
        case .object(let members):
            for found in members {
                if embedding.contains(found.name) { throw .embeddedFiles }
                if let what = keys[found.name] { throw .active(what) }
                if case .string(let text) = found.value.content {
                    if found.name == "/S", actions.contains(text) {
                        throw .active(BilingualText(zh: "动作 \(text.dropFirst())", en: "the action \(text.dropFirst())"))
                    }
                    if found.name == "/Subtype", ["/FileAttachment", "/RichMedia", "/Screen", "/3D"].contains(text) {
                        throw .active(
                            BilingualText(zh: "\(text.dropFirst()) 批注", en: "an annotation \(text.dropFirst())"))
                    }
                    if found.name == "/Type", text == "/EmbeddedFile" { throw .embeddedFiles }
                }
                try search(found.value, depth: depth + 1)
            }
        default: break
        }
    }

    private static func member(_ name: String, of node: JSONNode?) -> JSONNode? {
        guard case .object(let members)? = node?.content else { return nil }
        return members.first { $0.name == name }?.value
    }

    private static func isTrue(_ node: JSONNode) -> Bool {
        if case .bool(true) = node.content { true } else { false }
    }
}
