import HTTPServer
import SurveillanceKit

extension Response {
    /// A file that the browser keeps, in pieces as they are made.
    static func download(_ file: ExportedFile, name: String) -> Response {
        var response = Response.stream(type: file.mediaType) { try file.next() }
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Disposition"] = "attachment; filename*=UTF-8''\(Percent.encode(name))"
        return response
    }
}
