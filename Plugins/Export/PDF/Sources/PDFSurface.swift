import CPangoCairo
import Foundation
import SurveillanceKit

/// The pages of a PDF that is written to memory. Lengths are in points, of which an inch has 72; places count from the upper left.
final class PDFSurface {
    /// ISO 216, A4: 210 mm × 297 mm.
    static let (width, height) = (595.28, 841.89)

    private final class Output {
        var bytes: [UInt8] = []
    }

    private let output = Output()
    private let surface: OpaquePointer
    let context: OpaquePointer

    /// - Parameter at: when it says it was made, so that the same document gives the same bytes.
    init(title: String, at: Instant) throws {
        let closure = Unmanaged.passUnretained(output).toOpaque()
        guard
            let surface = cairo_pdf_surface_create_for_stream(
                { closure, bytes, count in
                    guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
                    Unmanaged<Output>.fromOpaque(closure).takeUnretainedValue().bytes += UnsafeBufferPointer(
                        start: bytes, count: Int(count))
                    return CAIRO_STATUS_SUCCESS
                }, closure, Self.width, Self.height),
            let context = cairo_create(surface)
        else { throw PDFFault(reason: "no surface") }
        self.surface = surface
        self.context = context
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        let moment = Date(timeIntervalSince1970: Double(at.milliseconds / 1000)).ISO8601Format()
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, moment)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func endPage() { cairo_show_page(context) }

    func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) {
        cairo_set_line_width(context, 0.5)
        cairo_move_to(context, start.x, start.y)
        cairo_line_to(context, end.x, end.y)
        cairo_stroke(context)
    }

    /// Fills the dark modules of a code into a square.
    func modules(_ rows: [[Bool]], at place: (x: Double, y: Double), side: Double) {
        let step = side / Double(max(1, rows.count))
        for (y, row) in rows.enumerated() {
            for (x, isDark) in row.enumerated() where isDark {
                cairo_rectangle(context, place.x + Double(x) * step, place.y + Double(y) * step, step, step)
            }
        }
        cairo_fill(context)
    }

    /// The whole file.
    func finish() throws -> [UInt8] {
        cairo_surface_finish(surface)
        let status = cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS else {
            throw PDFFault(reason: String(cString: cairo_status_to_string(status)))
        }
        return output.bytes
    }
}
