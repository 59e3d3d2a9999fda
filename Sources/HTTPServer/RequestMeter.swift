import Synchronization

/// Counts answered requests for `/metrics`.
public final class RequestMeter: Sendable {
    private struct Kind: Hashable {
        var method: String
        var pattern: String
        var status: Int
    }

    private struct Tally {
        var count = 0
        var seconds = 0.0
        var bytesReceived = 0
    }

    private let tallies = Mutex<[Kind: Tally]>([:])

    public init() {}

    public func note(_ record: RequestRecord) {
        // Methods that no route knows would make the table as large as a client likes.
        let method = Method(rawValue: record.method)?.rawValue ?? "other"
        let kind = Kind(method: method, pattern: record.pattern ?? "none", status: record.status)
        tallies.withLock { tallies in
            tallies[kind, default: Tally()].count += 1
            tallies[kind, default: Tally()].seconds += record.duration / .seconds(1)
            tallies[kind, default: Tally()].bytesReceived += record.bytesReceived
        }
    }

    /// The counts so far, in Prometheus's text form.
    public func prometheus() -> String {
        let sorted = tallies.withLock(\.self).sorted {
            ($0.key.pattern, $0.key.method, $0.key.status) < ($1.key.pattern, $1.key.method, $1.key.status)
        }
        func series(_ name: String, _ help: String, _ value: (Tally) -> String) -> String {
            let lines = sorted.map { kind, tally in
                "\(name){route=\"\(kind.pattern)\",method=\"\(kind.method)\",status=\"\(kind.status)\"} \(value(tally))\n"
            }
            return "# HELP \(name) \(help)\n# TYPE \(name) counter\n" + lines.joined()
        }
        return series("vedette_http_requests_total", "Answered requests.") { String($0.count) }
            + series("vedette_http_request_seconds_total", "Time from request line to last byte.") {
                String($0.seconds)
            }
            + series("vedette_http_received_bytes_total", "Bytes of request bodies.") { String($0.bytesReceived) }
    }
}
