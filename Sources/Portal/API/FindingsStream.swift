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

    private enum Place {
        case start
        case middle
        case end
    }
}
