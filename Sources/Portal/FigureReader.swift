public import HTTPServer
import JSON
public import Reporting
import SurveillanceKit
import Timeliness

/// Reads which figures a request asks for, and refuses what its visitor may not see.
struct FigureReader: Sendable {
    let services: any FigureServices & DutyServices & ReferenceServices & SignInServices

    func program(_ id: String?) throws -> Program {
        guard let program = services.programs.first(where: { $0.id == id }) else {
            throw Problem(
                "no-such-program", status: .notFound,
                title: BilingualText(zh: "没有这个监测项目", en: "There is no such program"),
                detail: BilingualText(
                    zh: "可用：\(services.programs.map(\.id).joined(separator: "、"))。",
                    en: "There are \(services.programs.map(\.id).joined(separator: ", "))."))
        }
        return program
    }

    /// - Parameter ignoring: parameters that are not about figures.
    func request(
        _ query: FormFields, _ program: Program, indicator: String, scope: Scope, ignoring: Set<String>
    ) throws -> FigureRequest {
        if scope == .nothing { throw Problem.noRegion }
        let request = try parsed(query, program, indicator: indicator, ignoring: ignoring)
        if let code = request.institution {
            guard let found = services.institution(code), scope.covers(institution: code, in: found.region) else {
                throw Problem.noSuchInstitution
            }
        }
        if let region = request.region {
            switch scope {
            case .nation: break
            case .region(let own) where own.contains(region.prefix): break
            default: throw Problem.outsideScope
            }
        }
        return request
    }

    /// What a request asks for outside of its visitor's scope, whatever region it names: what is offered of it the services say.
    func published(
        _ query: FormFields, _ program: Program, indicator: String, scope: Scope, ignoring: Set<String>
    ) throws -> PublishedRequest {
        if scope == .nothing { throw Problem.noRegion }
        let request = try parsed(query, program, indicator: indicator, ignoring: ignoring)
        do throws(FigureRequest.Fault) { return try PublishedRequest(request) } catch { throw Problem(error) }
    }

    private func parsed(
        _ query: FormFields, _ program: Program, indicator: String, ignoring: Set<String>
    ) throws -> FigureRequest {
        var parameters: [String: String] = [:]
        for (name, value) in query.items where !ignoring.contains(name) {
            // Given again, a parameter would count once and once not.
            guard parameters[name] == nil else { throw Problem.unknownValue(name, value) }
            parameters[name] = value
        }
        guard let zone = services.zone(of: program.id) else { throw Problem.noSuchPage }
        do throws(FigureRequest.Fault) {
            return try FigureRequest(
                program, indicator: indicator, parameters, knownAt: { zone.end(of: $0, noLaterThan: services.now) })
        } catch { throw Problem(error) }
    }

    /// Writes an instant in the program's zone.
    func time(_ instant: Instant, of program: Program) -> String {
        instant.text(secondsEastOfUTC: services.zone(of: program.id)?.offset(at: instant) ?? 0)
    }
}

extension Problem {
    /// What a client is told of a parameter that cannot be used, with its name.
    public init(_ fault: FigureRequest.Fault) {
        self.init(
            "bad-figures", status: .unprocessableContent,
            title: BilingualText(zh: "查询参数有误", en: "A parameter cannot be used"), detail: fault.message,
            members: [("parameter", .string(fault.parameter))])
    }
}
