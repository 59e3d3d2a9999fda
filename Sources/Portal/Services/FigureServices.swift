public import Reporting
public import SurveillanceKit

/// Figures of the programs' indicators: every answer is for a scope.
public protocol FigureServices: Sendable {
    /// - Throws: `Problem` for an indicator that there is not, and for an instant or a split that cannot be asked for.
    func figures(_ request: FigureRequest, in scope: Scope) async throws -> FigureSeries

    /// Figures outside of the own scope, from weekly snapshots: what the ledger of the scope's audience allows.
    ///
    /// - Throws: `Problem` for an indicator that there is not, and for what outsiders are not given.
    func published(_ request: PublishedRequest, in scope: Scope) async throws -> FigureSeries

    /// Why a figure was another one at `compareTo`, or by an earlier version of its definition.
    ///
    /// - Parameter formerVersion: the version by which it was counted then; nil for the same.
    func comparison(_ request: FigureRequest, formerVersion: Int?, in scope: Scope) async throws -> FigureComparison
}
