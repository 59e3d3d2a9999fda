import Database
import IndicatorStore
import Indicators
public import Reporting
public import SurveillanceKit

extension FigureDesk {
    /// Why a figure was another one at `compareTo`, or by another version of its definition.
    ///
    /// The figure is one number: splits do not matter, the days, places and groups of the request do.
    ///
    /// - Parameter formerVersion: the version by which it was counted then; nil for the same.
    public func comparison(
        _ request: FigureRequest, formerVersion: Int? = nil, in scope: Scope
    ) async throws -> FigureComparison {
        var request = request
        (request.by, request.splits) = (nil, [])
        let asked = request
        return try await records.read { try comparison(asked, formerVersion, scope, $0) }
    }

    private struct Sums {
        var numerator: Int64
        var denominator: Int64
        var figure: Figure
    }

    private func comparison(
        _ request: FigureRequest, _ formerVersion: Int?, _ scope: Scope, _ connection: any Connection
    ) throws -> FigureComparison {
        let program = try store.program(request.program)
        let definition = try definition(request, program)
        let later = request.asOf ?? now()
        let earlier = request.compareTo ?? later
        guard earlier <= later else { throw IndicatorError.notEarlier(earlier, than: later) }
        var then = request
        then.asOf = earlier
        let after = try sums(definition, request, program, scope, connection)
        let before = try sums(definition, then, program, scope, connection)
        var former = before
        if let formerVersion {
            then.version = formerVersion
            former = try sums(self.definition(then, program), then, program, scope, connection)
        }
        let indicator = definition.indicator
        /// A part of the difference of a quotient: the parts' sum is exactly n₂/d₂ − n₁/d₁.
        func value(_ numerator: Int64, _ denominator: Int64) -> Double? {
            switch definition.kind {
            case .count, .sum: return FigureNumber(numerator, decimals: indicator.numerator.valueDecimals).double
            case .percentile, .distinct: return nil
            case .share, .ratio, .mean:
                guard former.denominator != 0, after.denominator != 0 else { return nil }
                let ratio = Double(former.numerator) / Double(former.denominator)
                let part = (Double(numerator) - ratio * Double(denominator)) / Double(after.denominator)
                return part * FigureNumber.scale(of: indicator)
            }
        }
        func part(
            _ institution: String, _ at: Instant, _ submission: String?, _ cause: FigureComparison.Part.Cause,
            _ numerator: Int64, _ denominator: Int64
        ) -> FigureComparison.Part {
            FigureComparison.Part(
                institution: institution, at: at, submission: submission, cause: cause,
                numerator: FigureNumber(numerator, decimals: indicator.numerator.valueDecimals),
                denominator: FigureNumber(denominator, decimals: indicator.denominator?.valueDecimals ?? 0),
                value: value(numerator, denominator))
        }
        var parts: [FigureComparison.Part] = []
        if formerVersion != nil {
            parts.append(
                part(
                    "", earlier, nil, .definition, before.numerator - former.numerator,
                    before.denominator - former.denominator))
        }
        let changes = try store.changes(
            definition, of: program, try query(request, scope), since: earlier, in: connection)
        parts += changes.map { change in
            let cause: FigureComparison.Part.Cause =
                switch change.kind {
                case .new: .new
                case .correction: .correction
                case .withdrawal: .withdrawal
                }
            return part(
                change.institution, change.at, change.submission, change.isWithdrawal ? .withdrawal : cause,
                change.numerator, change.denominator)
        }
        return FigureComparison(
            earlier: earlier, later: later, before: former.figure, after: after.figure, parts: parts)
    }

    /// One number with its sums; of what keeps values the number of values.
    private func sums(
        _ definition: CompiledIndicator, _ request: FigureRequest, _ program: IndicatorProgram, _ scope: Scope,
        _ connection: any Connection
    ) throws -> Sums {
        let cell = try store.figures(
            definition, of: program, try query(request, scope), now: now(), in: connection
        ).cells.first
        guard let cell else {
            let empty =
                definition.keepsValues
                ? Figure(definition.indicator, values: CountedValues())
                : Figure(definition.indicator, FigureSums(numerator: 0))
            return Sums(numerator: 0, denominator: 0, figure: empty)
        }
        return Sums(
            numerator: definition.keepsValues ? cell.valueCount : cell.numerator, denominator: cell.denominator,
            figure: cell.figure(definition.indicator))
    }
}
