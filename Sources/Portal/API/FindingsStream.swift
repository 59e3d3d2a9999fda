import FoundationEssentials
import HTTPServer
import SurveillanceKit
import Synchronization

/// Findings on their way to the client, some tens of kilobytes at a time.
enum FindingsStream {
    private static let pieceBytes = 65_536

    /// A JSON array, one finding a line.
    static func json(_ lines: FindingLines) -> Response {
        let state = Mutex(Place.start)
        var response = Response.stream(type: "application/json") {
            try state.withLock { place in
                guard place != .end else { return nil }
                var piece: [UInt8] = place == .start ? [UInt8(ascii: "[")] : []
                while piece.count < pieceBytes {
                    guard let line = try lines.next() else {
                        place = .end
                        return piece + Array("]\n".utf8)
                    }
                    piece += place == .start ? [UInt8(ascii: "\n")] : Array(",\n".utf8)
                    piece += line
                    place = .middle
                }
                return piece
            }
        }
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    /// A table for a spreadsheet, in the reader's language.
    static func csv(_ lines: FindingLines, fileName: String, in language: Language) -> Response {
        let state = Mutex(Place.start)
        var response = Response.stream(type: "text/csv; charset=utf-8") {
            try state.withLock { place in
                guard place != .end else { return nil }
                var piece: [UInt8] = place == .start ? FindingsTable.head(in: language) : []
                place = .middle
                let decoder = JSONDecoder()
                while piece.count < pieceBytes {
                    guard let line = try lines.next() else {
                        place = .end
                        return piece
                    }
                    FindingsTable.append(try decoder.decode(Finding.self, from: Data(line)), in: language, to: &piece)
                }
                return piece
            }
        }
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Disposition"] = "attachment; filename*=UTF-8''\(Percent.encode(fileName))"
        return response
    }

    private enum Place {
        case start
        case middle
        case end
    }
}
