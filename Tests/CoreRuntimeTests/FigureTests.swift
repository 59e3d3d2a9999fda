import CheckKit
import Database
import Foundation
import HTTPServer
import Indicators
import Intake
import Reporting
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("Figures of reports, as the API tells them")
struct FigureTests {
    private static let own = ScopeWalk.institutions[0].code

    /// The clean samples of both programs; of other institutions with fewer rows and their own code.
    private static func sent(_ walk: ScopeWalk, from institutions: [String] = [own]) async throws {
        for (number, code) in institutions.enumerated() {
            for program in ["FeverClinic", "Influenza"] {
                var tables = try ProgramTables(program)
                for place in tables.tables.indices {
                    if let column = tables.tables[place].column("P900") {
                        for row in tables.tables[place].rows.indices { tables.tables[place].rows[row][column] = code }
                    }
                    if number > 0, ["fever", "flu"].contains(tables.tables[place].fileType) {
                        tables.tables[place].rows.removeLast(number)
                    }
                }
                let files = tables.tables.map { (name: "\($0.fileType)_1.csv", bytes: $0.bytes) }
                _ = try await walk.test.send(StoredZip.bytes(files), named: "p.zip", from: code)
            }
        }
        try await walk.test.processAll()
    }

    private static func rows(
        _ walk: ScopeWalk, _ target: String, as caller: ScopeWalk.Caller = .national
    ) async throws -> [[String: Any]] {
        let answer = try await walk.ask(
            caller, .get, "/api/v1/indicators/{program}/{id}", at: "/api/v1/indicators/\(target)")
        #expect(answer.status == 200, "\(target): \(answer.text)")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])
        return try #require(object["rows"] as? [[String: Any]])
    }

    private static func status(
        _ walk: ScopeWalk, _ caller: ScopeWalk.Caller, _ target: String
    ) async throws -> Int {
        try await walk.ask(
            caller, .get, "/api/v1/indicators/{program}/{id}", at: "/api/v1/indicators/\(target)"
        ).status
    }

    /// The first column of each row of a query over the line list.
    private static func sql(_ walk: ScopeWalk, _ text: String) async throws -> [[String]] {
        try await walk.test.platform.data.records.read { connection in
            try connection.rows(text).map { row in row.values.map(Self.shown) }
        }
    }

    private static func shown(_ value: SQLValue) -> String {
        switch value {
        case .null, .blob: ""
        case .integer(let number): "\(number)"
        case .real(let number): number == number.rounded() ? "\(Int(number))" : "\(number)"
        case .text(let text): text
        }
    }

    private static func shown(_ value: Any?) -> String {
        guard let number = value as? NSNumber else { return "" }
        return number.doubleValue == number.doubleValue.rounded() ? "\(number.int64Value)" : "\(number.doubleValue)"
    }

    @Test("medians of the nation are prepared: whoever asks first does not wait for their values")
    func prepared() async throws {
        let moment = try #require(Instant(withZone: "2026-11-30T08:00:00+08:00"))
        let walk = try await ScopeWalk(now: { moment })
        try await Self.sent(walk)
        let figures = walk.test.platform.figures
        func medians(asOf: Instant?) async throws -> [String] {
            var lines: [String] = []
            for by in [FigurePeriod.Kind.day, .week] {
                for split in [[], [.province], [.zone], [.dimension("age-group")]] as [[FigureRequest.Split]] {
                    let series = try await figures.series(
                        FigureRequest(
                            program: "fever-clinic", indicator: "cost-median", by: by, splits: split,
                            from: CivilDate("2025-01-06"), to: CivilDate("2026-11-29"), asOf: asOf), in: Scope.nation)
                    lines += series.rows.map {
                        "\(by) \($0.period?.key ?? "") \($0.keys) \($0.figure.value?.description ?? "-")"
                            + " of \($0.figure.denominator?.description ?? "-")"
                    }
                }
            }
            return lines
        }
        // As of an instant figures are read from the log of changes.
        let expected = try await medians(asOf: moment)
        #expect(expected.contains { !$0.contains("] - of") })
        try await figures.prepare()
        // What is kept of past weeks cannot be read any more: the answers are those that were prepared.
        try await walk.test.platform.data.records.write { transaction in
            try transaction.execute(
                "UPDATE indicator_week SET entries = ? WHERE week BETWEEN 20000 AND ?",
                [.blob([1, 2] as [UInt8]), SQLValue(try #require(CivilDate("2026-09-01")).daysSince1970)])
        }
        #expect(try await medians(asOf: nil) == expected)
    }

    @Test("are what independent SQL over the stored records says, day by day")
    func independent() async throws {
        let walk = try await ScopeWalk()
        try await Self.sent(walk, from: [Self.own, "H2"])
        let fever = #""fever_clinic_fever""#
        let flu = #"('J09','J10','J11')"#
        let expectations: [(target: String, sql: String)] = [
            (
                "fever-clinic/visits?by=day",
                "SELECT substr(P7506,1,10), count(*), '' FROM \(fever) GROUP BY 1 ORDER BY 1"
            ),
            (
                "fever-clinic/cost-mean?by=day",
                """
                SELECT substr(P7506,1,10), CAST(round(sum(round(P7508 * 100))) AS INTEGER) / 100.0, count(P7508) FROM \(fever) \
                WHERE P7508 IS NOT NULL GROUP BY 1 ORDER BY 1
                """
            ),
            (
                "fever-clinic/patients?by=day",
                "SELECT substr(P7506,1,10), '', count(P7502) FROM \(fever) GROUP BY 1 ORDER BY 1"
            ),
            (
                "fever-clinic/antiviral-in-flu?by=day",
                """
                SELECT substr(P7506,1,10), sum(EXISTS (SELECT 1 FROM fever_clinic_drug AS d WHERE d._institution = f._institution \
                AND d.P7502 = f.P7502 AND d.P7506 = f.P7506 AND d.P7000 = f.P7000 AND (d.P7806 LIKE '%奥司他韦%' \
                OR d.P7806 LIKE '%扎那米韦%' OR d.P7806 LIKE '%帕拉米韦%' OR d.P7806 LIKE '%玛巴洛沙韦%'))), count(*) FROM \(fever) AS f \
                WHERE substr(P28,1,3) IN \(flu) OR P281 LIKE '%流感%' OR P281 LIKE '%流行性感冒%' GROUP BY 1 ORDER BY 1
                """
            ),
            (
                "influenza/respiratory-visits?by=day",
                "SELECT substr(P7506,1,10), count(*), '' FROM influenza_flu WHERE P7501 IN ('01','02') GROUP BY 1 ORDER BY 1"
            ),
        ]
        try await Self.completeness(walk)
        for (target, text) in expectations {
            let expected = try await Self.sql(walk, text)
            #expect(!expected.isEmpty)
            let found = try await Self.rows(walk, target).filter { $0["status"] as? String != "missing" }.map { row in
                [
                    row["period"] as? String ?? "",
                    Self.shown(target.contains("visits?") ? row["value"] : row["numerator"]),
                    Self.shown(row["denominator"]),
                ]
            }
            #expect(found == expected, "\(target)")
        }
    }

    /// The last days' records stand beside the figures, also those of a median, with what belongs to no day; not where something else is split.
    private static func completeness(_ walk: ScopeWalk) async throws {
        let route = "/api/v1/indicators/{program}/{id}"
        for (target, isThere) in [("cost-median?by=week", true), ("visits?by=day,sex", false), ("visits", false)] {
            let answer = try await walk.ask(
                .national, .get, route, at: "/api/v1/indicators/fever-clinic/\(target)")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])
            let told = object["completeness"] as? [String: Any]
            #expect((told != nil) == isThere, "\(target): \(answer.text.prefix(300))")
            guard let told else { continue }
            let days = try #require(told["days"] as? [[String: Any]])
            #expect(days.count == 14 && told["withoutDay"] as? Int == 0)
            let from = try #require(days.last?["day"] as? String)
            let expected = try await sql(
                walk, "SELECT count(*) FROM fever_clinic_fever WHERE substr(P7506,1,10) >= '\(from)'")
            #expect("\(days.compactMap { $0["records"] as? Int }.reduce(0, +))" == expected[0][0])
        }
        let page = try await walk.ask(
            .national, .get, "/figures/{program}/{id}", at: "/figures/fever-clinic/cost-median?by=day&lang=zh")
        #expect(page.text.contains("数据完整性") && page.text.contains("日期为空或不可能"))
    }

    @Test("follow corrections and withdrawals, and stay as they were known before")
    func history() async throws {
        let walk = try await ScopeWalk()
        let first = try await walk.test.send(
            TestPlatform.package("FeverClinic", "clean"), named: "p.zip", from: Self.own
        ).submission.id
        try await walk.test.processAll()
        let total = try await Self.rows(walk, "fever-clinic/visits").first?["value"] as? Int
        #expect((total ?? 0) > 0)
        let known = walk.test.platform.now()
        _ = try await walk.ask(
            .sender, .post, "/api/v1/submissions/{id}/withdraw", at: "/api/v1/submissions/\(first)/withdraw",
            raw: Array(#"{"reason":"x"}"#.utf8))
        #expect(try await Self.rows(walk, "fever-clinic/visits").isEmpty)
        let asOf = Percent.encode(known.text(secondsEastOfUTC: 8 * 3_600))
        #expect(try await Self.rows(walk, "fever-clinic/visits?asOf=\(asOf)").first?["value"] as? Int == total)
        let answer = try await walk.ask(
            .national, .get, "/api/v1/indicators/{program}/{id}",
            at: "/api/v1/indicators/fever-clinic/visits?compareTo=\(asOf)")
        let parts = try #require(
            (try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])?["parts"]
                as? [[String: Any]])
        #expect(parts.compactMap { $0["numerator"] as? Int }.reduce(0, +) == -(total ?? 0))
        #expect(parts.allSatisfy { $0["submission"] as? String == first.description })
        #expect(parts.allSatisfy { $0["cause"] as? String == "withdrawal" })
    }

    @Test("are each reader's own: an institution sees itself, a commission its region, and nobody more")
    func scopes() async throws {
        let walk = try await ScopeWalk()
        try await Self.sent(walk, from: [Self.own, "H2", "H3"])
        func total(_ caller: ScopeWalk.Caller, _ query: String = "") async throws -> Int {
            try await Self.rows(walk, "fever-clinic/visits\(query)", as: caller).first?["value"] as? Int ?? 0
        }
        let nation = try await total(.national)
        let (one, two, three) = (
            try await total(.sender), try await total(.neighbour), try await total(.hospitalElsewhere)
        )
        #expect(one > 0 && two > 0 && nation == one + two + three)
        #expect(try await total(.province) == one + two)
        #expect(try await total(.otherProvince) == three)
        #expect(try await total(.national, "?region=43") == one + two)
        #expect(try await total(.national, "?institution=H2") == two)
        #expect(try await total(.province, "?institution=H2") == two)
        #expect(try await Self.status(walk, .province, "fever-clinic/visits?institution=H3") == 404)
        #expect(try await Self.status(walk, .neighbour, "fever-clinic/visits?institution=\(Self.own)") == 404)
        #expect(try await Self.status(walk, .province, "fever-clinic/visits?region=11") == 403)
        #expect(try await Self.status(walk, .withoutRegion, "fever-clinic/visits") == 403)
        #expect(try await Self.status(walk, .stranger, "fever-clinic/visits") == 401)
        let provinces = try await Self.rows(walk, "fever-clinic/visits?by=region")
        #expect(provinces.compactMap { $0["region"] as? String } == ["11", "43"])
        let zones = try await Self.rows(walk, "fever-clinic/visits?by=zone")
        #expect(Set(zones.compactMap { $0["zone"] as? String }) == ["north", "south"])
        let each = try await Self.rows(walk, "fever-clinic/visits?by=institution", as: .province)
        #expect(each.compactMap { $0["value"] as? Int }.reduce(0, +) == one + two)
    }

    private static let refusals: [(target: String, status: Int, kind: String)] = [
        ("fever-clinic/visits?asOf=2999-01-01T00:00:00Z", 422, "not-known-then"),
        ("fever-clinic/visits?asOf=2001-01-01T00:00:00Z", 422, "not-known-then"),
        ("fever-clinic/visits?asOf=yesterday", 400, "unknown-value"),
        ("fever-clinic/visits?by=fortnight", 400, "unknown-value"),
        ("fever-clinic/visits?by=", 400, "unknown-value"),
        ("fever-clinic/visits?by=day&by=day", 400, "unknown-value"),
        ("fever-clinic/visits?by=day,week", 422, "bad-figures"),
        ("fever-clinic/visits?by=region,institution", 422, "bad-figures"),
        ("fever-clinic/visits?from=2026-02-30", 422, "bad-figures"),
        ("fever-clinic/visits?from=2026-02-02&to=2026-02-01", 422, "bad-figures"),
        ("fever-clinic/visits?from=1999-12-31", 400, "unknown-value"),
        ("fever-clinic/visits?to=2100-01-01&by=day", 400, "unknown-value"),
        ("fever-clinic/visits?asOf=2020-01-01T00:00:00Z&compareTo=2020-01-02T00:00:00Z", 422, "not-known-then"),
        ("fever-clinic/visits?age-group=old", 400, "unknown-value"),
        ("fever-clinic/visits?age-group=0-4,5-14&by=age-group,week", 200, "rows"),
        ("fever-clinic/visits?agegroup=0-4", 400, "unknown-parameter"),
        ("fever-clinic/visits?compareVersion=1", 422, "not-together"),
        ("fever-clinic/visits?published=yes&format=csv", 422, "not-together"),
        ("fever-clinic/visits?version=7", 404, "no-such-indicator"),
        ("fever-clinic/visitors", 404, "no-such-indicator"),
        ("measles/visits", 404, "no-such-program"),
        ("fever-clinic/visits?format=xls", 400, "unknown-value"),
    ]

    @Test("refuse what cannot be asked for, with what could")
    func refused() async throws {
        let walk = try await ScopeWalk()
        try await Self.sent(walk)
        for (target, status, kind) in Self.refusals {
            let answer = try await walk.ask(
                .national, .get, "/api/v1/indicators/{program}/{id}", at: "/api/v1/indicators/\(target)")
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.text.contains(status == 200 ? kind : "urn:vedette:problem:\(kind)"), "\(answer.text)")
        }
    }

    @Test("are the same from the store without a server, and worked out anew")
    func offline() async throws {
        let walk = try await ScopeWalk()
        try await Self.sent(walk)
        let rows = try await Self.rows(walk, "fever-clinic/visits?by=day")
        let desk = try walk.test.desk()
        let figures = try desk.figures(walk.test.platform.registry)
        let request = FigureRequest(program: "fever-clinic", indicator: "visits", by: .day)
        let series = try await figures.series(request, in: .nation)
        #expect(series.rows.map { $0.period?.key } == rows.map { $0["period"] as? String })
        #expect(series.rows.map { $0.figure.value?.description } == rows.map { ($0["value"] as? Int).map(String.init) })
        for program in ["fever-clinic", "influenza"] {
            #expect(try desk.rebuildFigures(of: program, figures, progress: { _, _ in }).changed == 0)
        }
    }
}
