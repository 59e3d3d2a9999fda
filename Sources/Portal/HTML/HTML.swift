import QRCodes
import Reporting
import SurveillanceKit

/// A piece of a page. Text becomes part of it only escaped, so nothing that was typed or uploaded can become markup.
///
/// Built by tags: `p(.class("note")) { "5 < 6" }`.
struct HTML: Sendable {
    private(set) var markup: String

    static let empty = HTML(markup: "")

    private init(markup: String) { self.markup = markup }

    init(text: String) { markup = HTML.escape(text) }

    /// Markup that stands in the source code, such as an icon.
    init(asset: StaticString) { markup = asset.description }

    /// A chart, whose own writer escapes every text in it.
    init(_ chart: LineChart, in language: Language) { markup = chart.svg(in: language) }

    /// A QR code as a picture, with the quiet zone of four modules that scanners ask for.
    init(_ code: QRCode, label: String) {
        let side = code.width + 8
        markup = """
            <svg class="qr" role="img" aria-label="\(HTML.escape(label))" viewBox="-4 -4 \(side) \(side)" \
            shape-rendering="crispEdges"><path d="\(code.path)"/></svg>
            """
    }

    init(joining parts: [HTML]) { markup = parts.map(\.markup).joined() }

    fileprivate init(tag: Tag, attributes: [Attribute], content: HTML?) {
        markup = "<\(tag.name)"
        for attribute in attributes { attribute.write(to: &markup) }
        markup += ">"
        if let content { markup += "\(content.markup)</\(tag.name)>" }
    }

    /// A whole document.
    static func document(_ root: HTML) -> String { "<!DOCTYPE html>\n\(root.markup)\n" }

    /// Escapes what could begin markup or end an attribute. Control characters, which no page may hold, become blanks.
    static func escape(_ text: String) -> String {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): escaped += "&amp;".utf8
            case UInt8(ascii: "<"): escaped += "&lt;".utf8
            case UInt8(ascii: ">"): escaped += "&gt;".utf8
            case UInt8(ascii: "\""): escaped += "&quot;".utf8
            case UInt8(ascii: "'"): escaped += "&#39;".utf8
            case 0x09, 0x0A: escaped.append(byte)
            case 0..<0x20, 0x7F: escaped.append(0x20)
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}

/// An element's name, called with its attributes and content.
struct Tag: Sendable {
    let name: StaticString

    init(_ name: StaticString) { self.name = name }

    func callAsFunction(_ attributes: Attribute?..., @HTMLBuilder content: () -> HTML) -> HTML {
        HTML(tag: self, attributes: attributes.compactMap(\.self), content: content())
    }

    func callAsFunction(_ attributes: Attribute?..., text: String) -> HTML {
        HTML(tag: self, attributes: attributes.compactMap(\.self), content: HTML(text: text))
    }
}

/// An element that has no content: `input`, `meta`.
struct VoidTag: Sendable {
    let name: StaticString

    init(_ name: StaticString) { self.name = name }

    func callAsFunction(_ attributes: Attribute?...) -> HTML {
        HTML(tag: Tag(name), attributes: attributes.compactMap(\.self), content: nil)
    }
}

/// Puts pieces one after the other; a string is text.
@resultBuilder
enum HTMLBuilder {
    static func buildExpression(_ html: HTML) -> HTML { html }
    static func buildExpression(_ html: HTML?) -> HTML { html ?? .empty }
    static func buildExpression(_ html: [HTML]) -> HTML { HTML(joining: html) }
    static func buildExpression(_ text: String) -> HTML { HTML(text: text) }
    static func buildBlock(_ parts: HTML...) -> HTML { HTML(joining: parts) }
    static func buildOptional(_ part: HTML?) -> HTML { part ?? .empty }
    static func buildEither(first part: HTML) -> HTML { part }
    static func buildEither(second part: HTML) -> HTML { part }
    static func buildArray(_ parts: [HTML]) -> HTML { HTML(joining: parts) }
}
