import Database
import Records
import SurveillanceKit

@testable import IndicatorStore

/// The same figures worked out from records in the plainest way.
struct PlainFigures {
    struct Visit {
        var institution: Int64
        var values: RecordValues
        var tests: [RecordValues]
    }

    struct Key: Hashable {
        var day: Int?
        var age: String
        var sex: String
        var institution: Int64
    }

    struct Sum: Equatable {
        var numerator: Int64 = 0
        var denominator: Int64 = 0
        var values: [Int64: Int64] = [:]
    }

    let visits: [Visit]

    init(_ store: FigureStore, asOf: Instant? = nil, in connection: any Connection) throws {
        var tests: [String: [RecordValues]] = [:]
        try store.lineList.forEachRecord(program: "p", fileType: "test", asOf: asOf, in: connection) { record in
            guard let link = PlainFigures.text(record.values, "N") else { return }
            tests["\(record.institution)/\(link)", default: []].append(record.values)
        }
        var visits: [Visit] = []
        try store.lineList.forEachRecord(program: "p", fileType: "visit", asOf: asOf, in: connection) { record in
            let link = PlainFigures.text(record.values, "N")
            visits.append(
                Visit(
                    institution: record.institution, values: record.values,
                    tests: link.flatMap { tests["\(record.institution)/\($0)"] } ?? []))
        }
        self.visits = visits
    }

    static func text(_ values: RecordValues, _ name: String) -> String? {
        guard case .text(let bytes)? = values[name] else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func number(_ values: RecordValues, _ name: String, times scale: Double) -> Int64? {
        guard case .number(let number)? = values[name] else { return nil }
        return Int64((number * scale).rounded())
    }

    /// What every visit gives to a figure, by day, groups and institution.
    func sums(_ id: String) -> [Key: Sum] {
        var sums: [Key: Sum] = [:]
        for visit in visits {
            guard let given = PlainFigures.given(visit, id) else { continue }
            let date = PlainFigures.text(visit.values, id == "admitted" ? "E" : "D").flatMap {
                CivilDate(String($0.prefix(10)))
            }
            var age = IndicatorDimension.unknown
            if case .integer(let years)? = visit.values["A"] { age = years <= 4 ? "0-4" : "5+" }
            let sex =
                ["1": "male", "2": "female"][PlainFigures.text(visit.values, "S") ?? ""] ?? IndicatorDimension.unknown
            let possible = date.flatMap { (2000...2099).contains($0.yearMonthDay.year) ? $0.daysSince1970 : nil }
            let key = Key(day: possible, age: age, sex: sex, institution: visit.institution)
            var sum = sums[key] ?? Sum()
            sum.numerator += given.numerator
            sum.denominator += given.denominator
            if let value = given.value { sum.values[value, default: 0] += 1 }
            sums[key] = sum
        }
        return sums.filter { $0.value != Sum() }
    }

    private static func given(
        _ visit: Visit, _ id: String
    ) -> (numerator: Int64, denominator: Int64, value: Int64?)? {
        let results = visit.tests.map { text($0, "R") }
        let flag = text(visit.values, "F")
        switch id {
        case "visits", "admitted": return (1, 0, nil)
        case "positivity":
            // What cannot be decided, an empty result, is unlike 'invalid'.
            guard results.contains(where: { $0 != "invalid" }) else { return nil }
            return (results.contains("positive") ? 1 : 0, 1, nil)
        case "flagged-untested":
            guard let flag else { return nil }
            return (flag == "1" && results.isEmpty ? 1 : 0, 1, nil)
        case "cost", "mean-cost": return number(visit.values, "C", times: 100).map { ($0, 1, nil) }
        case "median-cost": return number(visit.values, "C", times: 10).map { (0, 0, $0) }
        case "patients": return text(visit.values, "N").map { (0, 0, Int64($0.dropFirst()) ?? 0) }
        case "quantity": return (visit.tests.compactMap { number($0, "Q", times: 10) }.reduce(0, +), 1, nil)
        default: return nil
        }
    }
}
