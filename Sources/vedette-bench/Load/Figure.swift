import Foundation

/// One measured value, as `scripts/bench` prints its own.
struct Figure {
    var name: String
    var value: Double
    var unit: String
    /// What it may be at most.
    var limit: Double?

    init(_ name: String, _ value: Double, _ unit: String, limit: Double? = nil) {
        self.name = name
        self.value = value
        self.unit = unit
        self.limit = limit
    }

    var isKept: Bool { limit.map { value <= $0 } ?? true }

    func print(asJSON: Bool) {
        if asJSON {
            let limit = limit.map { "\($0)" } ?? "null"
            Swift.print("{\"name\":\"\(name)\",\"value\":\(value),\"unit\":\"\(unit)\",\"limit\":\(limit)}")
        } else {
            let number = String(format: "%.3f", value)
            let within = limit.map { "   (limit \(String(format: "%g", $0)))" } ?? ""
            Swift.print(
                name.padding(toLength: 52, withPad: " ", startingAt: 0)
                    + String(repeating: " ", count: max(1, 11 - number.count)) + number + " \(unit)\(within)"
                    + (isKept ? "" : "   NOT KEPT"))
        }
        fflush(nil)
    }
}

extension [Double] {
    /// The value that this share of all does not exceed.
    func percentile(_ share: Double) -> Double {
        guard !isEmpty else { return .nan }
        let sorted = sorted()
        return sorted[Swift.min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
    }
}
