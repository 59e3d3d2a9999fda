public import SurveillanceKit

/// What those who run the platform watch it by.
public protocol OperationServices: Sendable {
    /// What administrators are to be told on their front page.
    var notices: [BilingualText] { get }

    /// What keeps the platform from taking reports; nil where nothing does.
    func unreadiness() async -> BilingualText?

    /// Measures in Prometheus's text form.
    func metrics() async throws -> String
}
