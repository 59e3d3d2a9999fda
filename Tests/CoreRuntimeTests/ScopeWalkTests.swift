import CheckKit
import Foundation
import HTTPServer
import Intake
import SurveillanceKit
import Tabular
import Testing

@testable import CoreRuntime

/// Who may do what, route by route; `docs/privacy.md` has the same in words.
@Suite("Every route for every role, institution and region")
struct ScopeWalkTests {
    typealias Caller = ScopeWalk.Caller

    private static let patient = "欧阳娜娜"

    /// A package with faults, whose own name and whose files' names hold a patient's; one file belongs to no program.
    private static func package() throws -> [UInt8] {
        let faults = try TestPlatform.package("FeverClinic", "faults")
        var files: [(name: String, bytes: [UInt8])] = [("说明_\(patient).csv", Array("a,b\r\n1,2\r\n".utf8))]
        for file in try UploadedPackage(name: "package.zip", source: BytesSource(faults)).files {
            var source = try file.open()
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = try buffer.withUnsafeMutableBytes({ try source.read(into: $0) }), count > 0 {
                bytes += buffer[..<count]
            }
            files.append((file.name.replacing(".csv", with: "_\(patient).csv"), bytes))
        }
        return StoredZip.bytes(files)
    }

    @Test("answers as the table says, hides what is another's, and shows file names to the sender alone")
    func walk() async throws {
        let walk = try await ScopeWalk()
        let sent = try await walk.test.send(try Self.package(), named: "\(Self.patient).zip")
        let id = sent.submission.id
        try await walk.test.processAll()
        let submission = try #require(try await walk.test.find(id))
        #expect(submission.state == .partlyAccepted)
        let rejected = try #require(submission.files.first { $0.rejected > 0 })

        // What only reads comes first, so that everybody sees the same.
        func turn(_ route: Route) -> Int {
            route.method == .get ? 0 : route.pattern.contains("withdraw") ? 2 : route.pattern == "/sign-out" ? 3 : 1
        }
        let routes = walk.router.routes.sorted { turn($0) < turn($1) }
        var walked = Set<String>()
        var statuses: [String: [Caller: Int]] = [:]
        for route in routes {
            let name = "\(route.method.rawValue) \(route.pattern)"
            walked.insert(route.pattern.hasPrefix("/assets/") ? "GET /assets/{name}" : name)
            let listed = route.pattern.hasPrefix("/assets/") ? "GET /assets/{name}" : name
            guard let access = Self.table[listed] else {
                Issue.record("\(name) has no line in the table: who may ask for it, and what is each shown?")
                continue
            }
            for caller in Caller.allCases {
                var target = route.pattern.replacing("{id}", with: id.description)
                    .replacing("{program}", with: "influenza").replacing("{type}", with: "flu")
                    .replacing("{list}", with: "RC001").replacing("{category}", with: "icd-diagnosis")
                if route.pattern.hasSuffix("corrections") || route.pattern.hasSuffix("corrections.csv") {
                    target += "?file=\(Percent.encode(rejected.name))"
                }
                target = target.replacing("{code}", with: submission.institution).replacing("{name}", with: "nobody")
                switch route.pattern {
                case "/board/calendar": target += "?program=influenza"
                case "/rules/new": target += "?kind=exemption"
                case "/duties/explain", "/duties/statement":
                    target += "?institution=\(submission.institution)&program=influenza&date=2026-03-01"
                default: break
                }
                if case .administrators = access {
                    try await walk.test.processAll()
                }
                let isWithdrawal = name == "POST /api/v1/submissions/{id}/withdraw"
                if route.pattern.contains("withdraw") || route.pattern.contains("acknowledge") {
                    try await walk.test.processAll()
                }
                let isUpload = route.pattern == "/upload" || name == "POST /api/v1/submissions"
                let response = await walk.ask(
                    caller, route, at: target, form: [("reason", Self.patient)],
                    file: isUpload && route.method == .post ? "flu_\(caller).csv" : nil,
                    raw: isWithdrawal ? Array(#"{"reason":"\#(Self.patient)"}"#.utf8) : nil)
                let text = try await ScopeWalk.text(response)
                statuses[listed, default: [:]][caller] = response.status.code
                let expected = Self.expected(access, caller, listed)
                #expect(expected.contains(response.status.code), "\(caller) \(name): \(response.status.code)")
                guard ![.sender, .sendsOnly, .readsOnly].contains(caller) else { continue }
                #expect(!text.contains(Self.patient), "\(caller) \(name) names a file")
                if case .list = access {
                    let sees = Self.expected(.withinScope(page: true), caller) == [200]
                    #expect(text.contains(id.description) == sees, "\(caller) \(name)")
                }
            }
        }
        try RoleTable.hold(statuses)
        #expect(walked == Set(Self.table.keys), "lines without a route: \(Set(Self.table.keys).subtracting(walked))")
    }

    @Test("shows the sender its own names, and a province the same findings under neutral ones")
    func names() async throws {
        let walk = try await ScopeWalk()
        let id = try await walk.test.send(try Self.package(), named: "\(Self.patient).zip").submission.id
        try await walk.test.processAll()
        let pages = ["/submissions/{id}", "/api/v1/submissions/{id}", "/api/v1/submissions/{id}/findings"]
        for route in walk.router.routes where pages.contains(route.pattern) {
            let target = route.pattern.replacing("{id}", with: id.description)
            let own = try await ScopeWalk.text(await walk.ask(.sender, route, at: target))
            let other = try await ScopeWalk.text(await walk.ask(.province, route, at: target))
            #expect(own.contains(Self.patient) && other.contains("fever-1") && other.contains("unknown-1"))
        }
        let route = try #require(walk.router.routes.first { $0.pattern == "/api/v1/submissions/{id}/findings" })
        func findings(_ caller: ScopeWalk.Caller, _ query: String) async throws -> [Finding] {
            let target = "/api/v1/submissions/\(id)/findings" + query
            let text = try await ScopeWalk.text(await walk.ask(caller, route, at: target))
            return try JSONDecoder().decode([Finding].self, from: Data(text.utf8))
        }
        let (own, other) = (try await findings(.sender, ""), try await findings(.province, ""))
        #expect(own.count == other.count && own.map(\.row) == other.map(\.row))
        let fever = try await findings(.province, "?file=fever-1")
        #expect(!fever.isEmpty && fever.count == own.count { $0.fileType == "fever" })
    }

    @Test("a corrected register moves a hospital with all it has sent; one that leaves it stays where it was")
    func register() async throws {
        let walk = try await ScopeWalk()
        let log = walk.test.platform.data.log
        _ = try await walk.test.send(try TestPlatform.package("FeverClinic", "clean"))
        func seen(_ region: String) async throws -> Int {
            try await log.list(scope: .region(try #require(Region(region))), limit: 9).count
        }
        #expect(try await seen("43") == 1)
        #expect(try await seen("11") == 0)
        try log.noteRegions(of: [])
        #expect(try await seen("430102") == 1)
        var moved = ScopeWalk.institutions
        moved[0].region = "110101"
        try log.noteRegions(of: moved)
        #expect(try await seen("43") == 0)
        #expect(try await seen("1101") == 1)
        let counts = try await log.counts(scope: .region(try #require(Region("11"))))
        #expect(counts.values.reduce(0, +) == 1)
    }
}
