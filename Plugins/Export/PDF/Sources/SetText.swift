import CPangoCairo
import PluginKit

/// The fonts of the machine, and the order in which they are asked for a character.
final class Fonts {
    /// Owned; nil where Pango has no memory.
    let map: OpaquePointer?
    private static let families = "Noto Sans CJK SC, WenQuanYi Micro Hei, DejaVu Sans, Sans"

    init() { map = pango_cairo_font_map_new() }

    deinit { g_object_unref(UnsafeMutableRawPointer(map)) }

    /// - Returns: owned by the caller.
    static func description(size: Double, isBold: Bool) -> OpaquePointer? {
        let description = pango_font_description_from_string(families)
        pango_font_description_set_absolute_size(description, size * Double(PANGO_SCALE))
        pango_font_description_set_weight(description, isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        return description
    }
}

/// A text that is set within a width, wrapped between words and, where that does not suffice, between letters.
final class SetText {
    private let layout: OpaquePointer
    let height: Double

    /// - Throws: `UnprintableText`.
    init(
        _ text: String, size: Double, isBold: Bool = false, width: Double, isCentered: Bool = false,
        _ fonts: Fonts, _ surface: PDFSurface
    ) throws {
        let context = pango_font_map_create_context(fonts.map)
        defer { g_object_unref(UnsafeMutableRawPointer(context)) }
        pango_cairo_update_context(surface.context, context)
        guard let layout = pango_layout_new(context) else { throw PDFFault(reason: "no memory") }
        self.layout = layout
        let description = Fonts.description(size: size, isBold: isBold)
        defer { pango_font_description_free(description) }
        pango_layout_set_font_description(layout, description)
        pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_line_spacing(layout, 1.25)
        if isCentered { pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER) }
        let clean = String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }))
        pango_layout_set_text(layout, clean, -1)
        guard pango_layout_get_unknown_glyphs_count(layout) == 0 else {
            defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
            throw UnprintableText(characters: SetText.unknown(clean, layout))
        }
        var (wide, high): (Int32, Int32) = (0, 0)
        pango_layout_get_size(layout, &wide, &high)
        height = Double(high) / Double(PANGO_SCALE)
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

    private static func unknown(_ text: String, _ layout: OpaquePointer) -> String {
        var seen: Set<Character> = []
        return String(
            text.filter { character in
                guard seen.insert(character).inserted else { return false }
                pango_layout_set_text(layout, String(character), -1)
                return pango_layout_get_unknown_glyphs_count(layout) > 0
            })
    }

    func draw(at place: (x: Double, y: Double), on surface: PDFSurface) {
        cairo_move_to(surface.context, place.x, place.y)
        pango_cairo_show_layout(surface.context, layout)
    }
}
