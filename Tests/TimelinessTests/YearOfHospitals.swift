import Foundation
import Seeding
import SurveillanceKit

/// A made-up hospital's year: how many rows each day has, when its package comes, and what went wrong.
struct YearOfHospital {
    /// What became of one day's package.
    enum Fault {
        /// It never came.
        case dropped
        /// It came without the rows of its own day.
        case emptied
    }

    /// By day of the year: rows, milliseconds of the day at which the package comes, and what went wrong.
    private(set) var days: [(rows: Int, arrival: Int, fault: Fault?)] = []

    /// - Parameter holidays: days of the year that are holidays; visits go by half.
    init(_ chance: inout SeededGenerator, weekdays: [Int], holidays: Set<Int>) {
        let base = exp(log(60) + YearOfHospital.normal(&chance) * 1.2)
        let shape = 8 + Double.random(in: 0..<30, using: &chance)
        let weekend = Double.random(in: 0.3..<1, using: &chance)
        let season = Double.random(in: 0..<0.6, using: &chance)
        let (start, peak) = (Double(chance.below(365)), Double.random(in: 3..<9, using: &chance))
        let usual = Double.random(in: 9 * 60..<15 * 60, using: &chance)
        let spread = Double.random(in: 3..<25, using: &chance)
        for (day, weekday) in weekdays.enumerated() {
            var mean = base * (1 + season * cos(2 * .pi * Double(day) / 365))
            if weekday >= 6 { mean *= weekend }
            let distance = Double(day) - start
            if distance > -30, distance < 60 {
                mean *= 1 + (peak - 1) * exp(-distance * distance / (distance < 0 ? 100 : 250))
            }
            if holidays.contains(day) { mean *= 0.5 }
            let rows = YearOfHospital.poisson(mean * YearOfHospital.gamma(shape, &chance) / shape, &chance)
            let minutes = min(max(usual + spread * YearOfHospital.normal(&chance), 1), 16 * 60 + 59)
            let fault: Fault? = chance.oneIn(1000) ? (chance.oneIn(2) ? .dropped : .emptied) : nil
            days.append((rows, Int(minutes * 60_000), fault))
        }
    }

    private static func unit(_ chance: inout SeededGenerator) -> Double {
        Double.random(in: 1e-300..<1, using: &chance)
    }

    private static func normal(_ chance: inout SeededGenerator) -> Double {
        (-2 * log(unit(&chance))).squareRoot() * cos(2 * .pi * unit(&chance))
    }

    /// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000; for shapes of 1 and more.
    private static func gamma(_ shape: Double, _ chance: inout SeededGenerator) -> Double {
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal(&chance)
            let v = pow(1 + c * x, 3)
            if v > 0, log(unit(&chance)) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }

    private static func poisson(_ mean: Double, _ chance: inout SeededGenerator) -> Int {
        guard mean < 200 else { return max(0, Int((mean + mean.squareRoot() * normal(&chance)).rounded())) }
        let limit = exp(-mean)
        var (count, product) = (0, unit(&chance))
        while product > limit {
            count += 1
            product *= unit(&chance)
        }
        return count
    }
}
