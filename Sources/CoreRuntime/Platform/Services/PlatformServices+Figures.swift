import HTTPServer
import IndicatorStore
import Portal
import Reporting
import SurveillanceKit

extension PlatformServices: FigureServices {
    func figures(_ request: FigureRequest, in scope: Scope) async throws -> FigureSeries {
        try await StorageFault.answered {
            do { return try await platform.figures.series(request, in: scope) } catch let error as IndicatorError {
                throw Problem(error)
            }
        }
    }

    func published(_ request: PublishedRequest, in scope: Scope) async throws -> FigureSeries {
        try await StorageFault.answered {
            do { return try await platform.publisher.series(request, in: scope) } catch let error as IndicatorError {
                throw Problem(error)
            } catch let fault as FigureRequest.Fault {
                throw Problem(fault)
            }
        }
    }

    func comparison(
        _ request: FigureRequest, formerVersion: Int?, in scope: Scope
    ) async throws -> FigureComparison {
        try await StorageFault.answered {
            do {
                return try await platform.figures.comparison(request, formerVersion: formerVersion, in: scope)
            } catch let error as IndicatorError { throw Problem(error) }
        }
    }
}

extension Problem {
    /// What a client is told of figures that cannot be told.
    init(_ error: IndicatorError) {
        let (kind, status, title): (String, Status, BilingualText) =
            switch error {
            case .unknownProgram, .unknownIndicator:
                ("no-such-indicator", .notFound, BilingualText(zh: "没有这个指标", en: "There is no such indicator"))
            case .inFuture, .notEarlier, .beforeFirst, .historyGone:
                (
                    "not-known-then", .unprocessableContent,
                    BilingualText(zh: "该时刻无法查询", en: "That instant cannot be asked for")
                )
            case .unknownDimension, .unknownGroup, .tooMany, .changedWithoutVersion:
                ("bad-figures", .unprocessableContent, BilingualText(zh: "查询参数有误", en: "A parameter cannot be used"))
            }
        self.init(kind, status: status, title: title, detail: error.message)
    }
}
