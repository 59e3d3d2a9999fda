import HTTPServer
import StoreKit
import SurveillanceKit
import Testing

@testable import CoreRuntime

@Suite("Announcements, on every store", .everyStore)
struct AnnouncementTests {
    private static let pattern = "/resources/announcements"

    private static func publish(
        _ walk: ScopeWalk, _ fields: [(String, String)], by caller: ScopeWalk.Caller = .platform
    ) async throws -> Int {
        try await walk.ask(caller, .post, pattern, at: pattern, form: fields).status
    }

    private static func page(_ walk: ScopeWalk, _ caller: ScopeWalk.Caller, _ language: String = "zh") async throws
        -> String
    {
        try await walk.ask(caller, .get, pattern, at: pattern + "?lang=\(language)").text
    }

    /// How many are unread, as the hospital's first page says.
    private static func unread(_ walk: ScopeWalk, _ caller: ScopeWalk.Caller) async throws -> Int {
        let page = try await walk.ask(caller, .get, "/", at: "/").text
        return try (/([0-9]+) 条未读公告/.firstMatch(in: page)).flatMap { Int($0.1) } ?? 0
    }

    @Test("are written by administrators, seen by whom they are for, and read by each account for itself")
    func journey() async throws {
        let walk = try await ScopeWalk()
        #expect(try await Self.unread(walk, .sender) == 0)
        #expect(try await Self.publish(walk, [("title", "系统升级"), ("text", "周六 20 时起停机。\n请提前上报。")]) == 303)
        let local = [
            ("title", "湖南培训"), ("text", "<b>地点</b>见附件"), ("title-en", "Training"), ("text-en", "Soon"),
            ("region", "43"),
        ]
        #expect(try await Self.publish(walk, local, by: .national) == 303)
        // Accounts of a hospital elsewhere are told what is for everybody.
        #expect(try await Self.unread(walk, .sender) == 2)
        #expect(try await Self.unread(walk, .hospitalElsewhere) == 1)
        let page = try await Self.page(walk, .sender)
        #expect(page.contains("湖南培训") && page.contains("&lt;b&gt;地点") && page.contains("请提前上报"))
        #expect(try await Self.page(walk, .sender, "en").contains("Training"))
        #expect(try await !Self.page(walk, .hospitalElsewhere).contains("湖南培训"))
        // A hospital has no form to write with.
        #expect(!page.contains("title-en") && page.contains("resources/announcements/read"))

        let id = try #require(try (/id="([0-9A-Z]{26})"/.firstMatch(in: page))?.1)
        let read = Self.pattern + "/read"
        #expect(try await walk.ask(.sender, .post, read, at: read, form: [("id", String(id))]).status == 303)
        #expect(try await Self.unread(walk, .sender) == 1)
        #expect(try await Self.unread(walk, .neighbour) == 2)
        for _ in 0..<2 { #expect(try await walk.ask(.sender, .post, read, at: read, form: []).status == 303) }
        #expect(try await Self.unread(walk, .sender) == 0)

        let withdraw = Self.pattern + "/{id}/withdraw"
        #expect(try await walk.ask(.sender, .post, withdraw, at: "\(Self.pattern)/\(id)/withdraw").status == 403)
        #expect(try await walk.ask(.platform, .post, withdraw, at: "\(Self.pattern)/\(id)/withdraw").status == 303)
        #expect(try await walk.ask(.platform, .post, withdraw, at: "\(Self.pattern)/\(id)/withdraw").status == 404)
        #expect(try await Self.unread(walk, .neighbour) == 1)
        let trail = try await walk.test.audit().filter { $0.contains(" announcement.") }
        #expect(trail.count == 3 && trail.last == "platform announcement.withdraw \(id)")
    }

    @Test("without a title or a text, too long, or for no region are not published")
    func refused() async throws {
        let walk = try await ScopeWalk()
        let long = String(repeating: "长", count: 101)
        for fields in [
            [("title", "x")], [("title", " "), ("text", "x")], [("title", long), ("text", "x")],
            [("title", "x"), ("text", "x"), ("region", "4")],
        ] {
            #expect(try await Self.publish(walk, fields) == 422)
        }
        #expect(try await Self.publish(walk, [("title", "x"), ("text", "x")], by: .sender) == 403)
        #expect(try await Self.page(walk, .sender).contains("没有公告"))
    }
}
