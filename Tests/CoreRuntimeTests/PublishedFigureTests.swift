import CheckKit
import Database
import Foundation
import HTTPServer
import Intake
import Portal
import Reporting
import SurveillanceKit
import Testing

@testable import CoreRuntime

/// Three hospitals: A (the walk's sender) and H2 in two counties of Changsha, H3 in Beijing. All visits are of 2026-W45.
@Suite("Figures outside of the own scope, as the weekly snapshots show them")
struct PublishedFigureTests {
    private static let own = ScopeWalk.institutions[0].code
    private static let week = "2026-W45"
    private static let changsha = Scope.region(Region("4301")!)  // Four digits that begin with a province's.

    /// 2026-11-10 23:50 in Shanghai, ten minutes before a snapshot.
    private static let before = "2026-11-10T23:50:00+08:00"
    /// A quarter of an hour later, and one and two weeks after that.
    private static let after = ["2026-11-11T00:05:00+08:00", "2026-11-18T00:05:00+08:00", "2026-11-25T00:05:00+08:00"]

    /// So many visits of an institution as a package; those who are sent again are known again.
    private static func visits(_ count: Int, of code: String) throws -> [UInt8] {
        let tables = try ProgramTables("FeverClinic")
        var fever = try #require(tables["fever"])
        let (institution, day) = (try #require(fever.column("P900")), try #require(fever.column("P7506")))
        fever.rows = Array(fever.rows.filter { $0[day] >= "2026-11-02" }.prefix(count))
        #expect(fever.rows.count == count)
        for row in fever.rows.indices { fever.rows[row][institution] = code }
        return StoredZip.bytes([("fever_1.csv", fever.bytes)])
    }

    private static func send(_ test: TestPlatform, _ counts: [String: Int]) async throws {
        for (code, count) in counts.sorted(by: { $0.key < $1.key }) {
            let submission = try await test.submit(try visits(count, of: code), named: "p.zip", from: code)
            #expect(submission?.state == .accepted)
        }
        _ = try await test.platform.bringFiguresUpToDate()
    }

    private static func platform(_ clock: SetClock, _ counts: [String: Int]) async throws -> TestPlatform {
        let test = try TestPlatform(now: clock.now, institutions: ScopeWalk.institutions)
        try await send(test, counts)
        return test
    }

    private static func shown(
        _ test: TestPlatform, _ scope: Scope, _ indicator: String = "visits", region: String? = nil,
        splits: [FigureRequest.Split] = []
    ) async throws -> [String: String] {
        try await shown(test.platform.publisher, scope, indicator, region: region, splits: splits)
    }

    /// What the rows of the week say, by their keys: a number or a status.
    private static func shown(
        _ publisher: FigurePublisher, _ scope: Scope, _ indicator: String = "visits", region: String? = nil,
        splits: [FigureRequest.Split] = []
    ) async throws -> [String: String] {
        let request = try PublishedRequest(
            FigureRequest(
                program: "fever-clinic", indicator: indicator, by: .week, splits: splits,
                region: region.flatMap { Region($0) }))
        let series = try await publisher.series(request, in: scope)
        var shown: [String: String] = [:]
        for row in series.rows where row.period?.key == week {
            shown[row.keys.joined(separator: " ")] = row.figure.value?.description ?? row.figure.status.rawValue
        }
        return shown
    }

    @Test("show a hospital the nation, the provinces and its neighbourhood, with its own records in them")
    func nation() async throws {
        let clock = try SetClock(Self.before)
        let test = try await Self.platform(clock, [Self.own: 10, "H2": 7, "H3": 20])
        try clock.set(Self.after[0])
        let own = Scope.institution(Self.own)
        #expect(try await Self.shown(test, own) == ["": "37"])
        #expect(try await Self.shown(test, own, splits: [.region]) == ["11": "20", "43": "17"])
        #expect(try await Self.shown(test, own, region: "43", splits: [.region]) == ["4301": "17"])
        #expect(
            try await Self.shown(test, own, region: "4301", splits: [.region]) == ["430102": "10", "430103": "7"])
        #expect(try await Self.shown(test, Self.changsha, splits: [.region]) == ["11": "20", "43": "17"])
        #expect(try await Self.shown(test, .nation, splits: [.region]) == ["11": "20", "43": "17"])
    }

    @Test("hide counts of 1 to 4 of others, and what would give them away; not one's own")
    func small() async throws {
        let clock = try SetClock(Self.before)
        let test = try await Self.platform(clock, [Self.own: 10, "H2": 3, "H3": 20])
        try clock.set(Self.after[0])
        let own = Scope.institution(Self.own)
        // 13 of which 10 are the reader's own are 3.
        #expect(try await Self.shown(test, own, region: "43") == ["": "suppressed"])
        #expect(try await Self.shown(test, own, region: "4301", splits: [.region])["430103"] == "suppressed")
        let nation = try await Self.shown(test, own)[""]
        let beijing = try await Self.shown(test, own, region: "11")[""]
        #expect(nation == "suppressed" || beijing == "suppressed", "33 − 20 − 10 = 3")
        // Changsha's own readers see all of Changsha.
        #expect(
            try await Self.shown(test, Self.changsha, region: "4301", splits: [.region]) == [
                "430102": "10", "430103": "3",
            ])
        #expect(try await Self.shown(test, Self.changsha, splits: [.region]) == ["11": "20", "43": "13"])
        // The own figures are untouched.
        let series = try await test.platform.figures.series(
            FigureRequest(program: "fever-clinic", indicator: "visits", by: .week), in: .institution("H2"))
        #expect(series.rows.map(\.figure.value?.description) == ["3"])
    }

    @Test("keep the number that was shown where a correction moves it by 1 to 4, and follow a larger one")
    func corrections() async throws {
        let clock = try SetClock(Self.before)
        let test = try await Self.platform(clock, [Self.own: 10, "H2": 7, "H3": 20])
        try clock.set(Self.after[0])
        let own = Scope.institution(Self.own)
        #expect(try await Self.shown(test, own, region: "11") == ["": "20"])
        try await Self.send(test, ["H3": 22])
        #expect(
            try await Self.shown(test, own, region: "11") == ["": "20"], "snapshots do not move between two Wednesdays")
        try clock.set(Self.after[1])
        let stays = try PublishedRequest(
            FigureRequest(program: "fever-clinic", indicator: "visits", by: .week, region: Region("11")))
        let row = try #require(
            try await test.platform.publisher.series(stays, in: own).rows.first { $0.period?.key == Self.week })
        #expect(row.figure.value?.description == "20")
        #expect(row.asOf == Instant(withZone: "2026-11-11T00:00:00+08:00"))
        // Who had not been shown 20 sees 22.
        #expect(try await Self.shown(test, Self.changsha, region: "11") == ["": "22"])
        try await Self.send(test, ["H3": 40])
        try clock.set(Self.after[2])
        #expect(try await Self.shown(test, own, region: "11") == ["": "40"])
    }

    @Test("hold shares with numerator and denominator, and age groups with their rest")
    func shares() async throws {
        let clock = try SetClock(Self.before)
        let test = try await Self.platform(clock, [Self.own: 10, "H2": 7, "H3": 60])
        try clock.set(Self.after[0])
        let own = Scope.institution(Self.own)
        let request = try PublishedRequest(
            FigureRequest(
                program: "fever-clinic", indicator: "flu-dx-share", by: .week, splits: [.dimension("age-group")]))
        let series = try await test.platform.publisher.series(request, in: own)
        let rows = series.rows.filter { $0.period?.key == Self.week }
        #expect(rows.map { $0.keys.first } == ["0-4", "5-14", "15-24", "25-59", "60-plus", "unknown"])
        for row in rows where row.figure.status == .suppressed {
            #expect(row.figure.numerator == nil && row.figure.denominator == nil && row.figure.lower == nil)
        }
        let all = try await test.platform.figures.series(request.request, in: .nation).rows
        let others = try await test.platform.figures.series(request.request, in: own).rows
        for row in rows where row.figure.status != .suppressed {
            func count(_ rows: [FigureSeries.Row]) -> FigureNumber {
                rows.first { $0.keys == row.keys && $0.period == row.period }?.figure.numerator ?? FigureNumber(0)
            }
            #expect(row.figure.numerator ?? FigureNumber(0) == count(all))
            let foreign = (0...60).filter { FigureNumber(Int64($0)) == count(all) }.first ?? 0
            let mine = (0...60).filter { FigureNumber(Int64($0)) == count(others) }.first ?? 0
            #expect(!(1...4).contains(foreign - mine), "\(row.keys)")
        }
    }

    @Test("are published once when many ask at the same time")
    func atOnce() async throws {
        let clock = try SetClock(Self.before)
        let test = try await Self.platform(clock, [Self.own: 10, "H2": 7, "H3": 20])
        try clock.set(Self.after[0])
        let publisher = test.platform.publisher
        let answers = try await withThrowingTaskGroup(of: [String: String].self) { group in
            for region in ["11", "43", "11", "43"] {
                group.addTask { try await Self.shown(publisher, .institution("H2"), region: region) }
            }
            return try await group.reduce(into: [[String: String]]()) { $0.append($1) }
        }
        #expect(answers.compactMap { $0[""] }.sorted() == ["17", "17", "20", "20"])
        let rows: Int? = try await test.platform.data.database.read {
            try $0.first("SELECT count(*) FROM figure_ledger WHERE audience = 'institution H2'")
        }
        #expect(rows == FigurePublisher.weekCount)
    }

    @Test("answer every role by the API and on the page, name no institution, and refuse what outsiders may not ask")
    func routes() async throws {
        let clock = try SetClock(Self.before)
        let walk = try await ScopeWalk(now: clock.now)
        try await Self.send(walk.test, [Self.own: 10, "H2": 3, "H3": 20])
        try clock.set(Self.after[0])
        func ask(_ caller: ScopeWalk.Caller, _ query: String) async throws -> (status: Int, text: String) {
            try await walk.ask(
                caller, .get, "/api/v1/indicators/{program}/{id}",
                at: "/api/v1/indicators/fever-clinic/\(query)")
        }
        for caller in ScopeWalk.Caller.allCases {
            let answer = try await ask(caller, "visits?published=yes&by=week,region")
            switch caller {
            case .stranger: #expect(answer.status == 401)
            case .withoutRegion, .reviewer, .security, .auditor, .sendsOnly:
                #expect(answer.status == 403, "\(caller)")
            default:
                #expect(answer.status == 200, "\(caller): \(answer.text)")
                #expect(answer.text.contains("\"asOf\":\"2026-11-11T00:00:00"), "\(caller): \(answer.text)")
                for institution in ScopeWalk.institutions { #expect(!answer.text.contains(institution.code)) }
            }
        }
        #expect(try await ask(.sender, "visits?published=yes&by=week&region=43").text.contains("\"suppressed\""))
        let refusals = [
            "visits?published=yes", "visits?published=yes&by=day", "visits?published=yes&by=month",
            "visits?published=yes&by=week&asOf=2026-11-10", "visits?published=yes&by=week&compareTo=2026-11-10",
            "visits?published=yes&by=week&institution=H3", "visits?published=yes&by=week,institution",
            "visits?published=yes&by=week,age-group,sex", "visits?published=yes&by=week&age-group=0-4",
            "visits?published=yes&by=week&level=三级", "visits?published=yes&by=week&region=1101",
            "visits?published=yes&by=week&region=H2", "flu-dx-share?published=yes&by=week,sex",
            "cost-mean?published=yes&by=week", "visits?published=yes&by=week&format=csv",
            "visits?published=maybe&by=week", "visits?published=yes&by=week&version=1",
        ]
        for refusal in refusals {
            let answer = try await ask(
                .sender, refusal.replacing("三级", with: Percent.encode("三级")))
            #expect([400, 422].contains(answer.status), "\(refusal): \(answer.text)")
        }
        for (caller, sees) in [(ScopeWalk.Caller.sender, true), (.province, true), (.national, false)] {
            let page = try await walk.ask(
                caller, .get, "/figures/{program}/{id}", at: "/figures/fever-clinic/visits?lang=en")
            #expect(page.status == 200)
            #expect(page.text.contains("Nation and provinces (weekly snapshot)") == sees, "\(caller)")
        }
    }
}
