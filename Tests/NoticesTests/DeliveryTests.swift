import Database
import Notices
import PluginKit
import Settings
import StoreKit
import SurveillanceKit
import Synchronization
import Testing

@Suite("Deliveries, on every store", .everyStore)
struct DeliveryTests {
    private struct Undone: Error {}

    @Test(
        "a notice is told once its transaction is durable, once for its key, to each address once, and never where it is lost"
    )
    func once() throws {
        let house = try House(contact: .mail)
        #expect(try house.add(house.notice("missed/1")))
        #expect(try !house.add(house.notice("missed/1")))
        #expect(throws: Undone.self) {
            try house.database.writeBlocking { transaction in
                try Outbox.add(house.notice("missed/2"), in: transaction)
                throw Undone()
            }
        }
        let server = house.server()
        #expect(try server.run(at: { house.now }) == nil)
        #expect(try server.run(at: { house.now }) == nil)
        let state = house.gateway.state.withLock { $0 }
        #expect(state.told.count == 2 && state.told.values.allSatisfy { $0 == 1 })
        #expect(try house.counts() == [.sent: 2])
        #expect(try !house.add(house.notice("missed/1")))
        #expect(try server.run(at: { house.now }) == nil && house.gateway.state.withLock { $0.told.count } == 2)
    }

    @Test("what comes out is what went in, whatever characters it has")
    func kept() throws {
        let house = try House()
        let notice = house.notice("missed/'\"\\/哨点", until: house.now.advanced(bySeconds: 60))
        try house.add(notice)
        house.gateway.state.withLock { $0.failures = [.refused(isFinal: true)] }
        _ = try house.server().run(at: { house.now })
        let found = try #require(try house.undelivered().first)
        #expect(found.notice == notice)
        #expect(found.state == .failed && found.tries == 1 && found.reason == BilingualText(zh: "拒收", en: "refused"))
    }

    @Test("what is refused is tried again, later each time, and shown with the reason once that has been enough")
    func backOff() throws {
        let house = try House()
        try house.add(house.notice("a"))
        house.gateway.state.withLock { $0.failures = Array(repeating: .refused(isFinal: false), count: 50) }
        try house.runToTheEnd(house.server())
        let times = house.gateway.state.withLock { $0.times.map(\.seconds) }
        #expect(zip(times.dropFirst(), times).map { $0 - $1 } == [30, 60, 120, 240, 480, 960, 1920, 3840, 7200])
        #expect(try house.undelivered().map(\.state) == [.failed] && house.counts() == [.failed: 1])
        // An administrator has it sent again, when the gateway is well.
        house.gateway.state.withLock { $0.failures = [] }
        let id = try #require(try house.undelivered().first?.id)
        #expect(try house.database.writeBlocking { try Outbox.sendAgain(id, at: house.now, in: $0) })
        try house.runToTheEnd(house.server())
        #expect(try house.undelivered().isEmpty && house.counts() == [.sent: 1])
    }

    @Test(
        "of a lost answer, a gateway that knows ids is told again, one that can be asked is asked, and otherwise an administrator decides"
    )
    func unsure() throws {
        for (remedy, failure) in [
            (UnsureRemedy.tellAgain, Gateway.Failure.takenSilently), (.tellAgain, .lost), (.ask, .takenSilently),
            (.ask, .lost),
        ] {
            let house = try House(remedy)
            try house.add(house.notice("a"))
            house.gateway.state.withLock { $0.failures = [failure] }
            try house.runToTheEnd(house.server())
            let state = house.gateway.state.withLock { $0 }
            #expect(state.sent.values.map { $0 } == [1], "\(remedy) \(failure)")
            #expect(try house.counts() == [.sent: 1])
        }
        let house = try House(.hold)
        try house.add(house.notice("a"))
        house.gateway.state.withLock { $0.failures = [.takenSilently] }
        try house.runToTheEnd(house.server())
        let held = try #require(try house.undelivered().first)
        #expect(held.state == .held && held.reason?.en.contains("may have been taken") == true)
        #expect(house.gateway.state.withLock { $0.told.values.map { $0 } } == [1])
        #expect(try house.database.writeBlocking { try Outbox.dismiss(held.id, at: house.now, in: $0) })
        #expect(try house.undelivered().isEmpty)
    }

    @Test(
        "nobody is disturbed in quiet hours, a reminder that has lost its use meanwhile is not told, and a log is written all the same"
    )
    func quiet() throws {
        var policy = DeliveryPolicy()
        // 1,772,000,000 is 2026-02-25 14:13:20 in China.
        policy.quietHours = QuietHours(from: "14:00", to: "15:00")
        let house = try House(contact: .mail)
        try house.add(house.notice("a"))
        try house.add(house.notice("b", kind: .reminder, until: house.now.advanced(bySeconds: 600)))
        #expect(try house.server(policy).run(at: { house.now }) == Instant(seconds: 1_772_000_000 + 46 * 60 + 40))
        #expect(house.gateway.state.withLock { $0.told.isEmpty })
        try house.runToTheEnd(house.server(policy))
        #expect(try house.counts() == [.sent: 2, .expired: 2])
        #expect(house.gateway.state.withLock { $0.times.allSatisfy { $0.seconds >= 1_772_000_000 + 2800 } })

        let log = try House()
        try log.add(log.notice("a"))
        #expect(try log.server(policy).run(at: { log.now }) == nil && log.counts() == [.sent: 1])
    }

    @Test(
        "a verification code goes to the one telephone, before everything else and in quiet hours, while it is of use")
    func urgent() throws {
        var policy = DeliveryPolicy()
        policy.quietHours = QuietHours(from: "14:00", to: "15:00")
        let house = try House(contact: .phone)
        let person = NoticeRecipient.person(phone: "+8613800000000", mail: "a@h001.example")
        try house.add(house.notice("old", to: person))
        try house.add(house.notice("code", to: person, kind: .phoneCode, until: house.now.advanced(bySeconds: 300)))
        _ = try house.server(policy).run(at: { house.now })
        #expect(try house.counts() == [.sent: 1, .waiting: 1])
        let sent = try house.database.readBlocking {
            try Outbox.messages(Outbox.Query(states: [.sent]), in: $0).messages
        }
        #expect(sent.map(\.notice.kind) == [.phoneCode] && sent.map(\.address) == ["+8613800000000"])
        // One that comes too late is not sent.
        try house.add(house.notice("late", to: person, kind: .phoneCode, until: house.now))
        try house.runToTheEnd(house.server(policy))
        #expect(try house.counts() == [.sent: 2, .expired: 1])
    }

    @Test("a notifier is handed so many a minute and no more, also across restarts")
    func rate() throws {
        var policy = DeliveryPolicy()
        policy.perMinute = 5
        let house = try House()
        for number in 0..<23 { try house.add(house.notice("\(number)")) }
        for _ in 0..<200 {
            guard let next = try house.server(policy).run(at: { house.now }) else { break }
            house.advance(to: next)
        }
        let times = house.gateway.state.withLock { $0.times.map(\.seconds) }
        #expect(times.count == 23)
        for time in times { #expect(times.filter { $0 > time - 60 && $0 <= time }.count <= 5) }
    }

    @Test("a gateway that is down is left alone after three tries in a row, and the others have their turn")
    func down() throws {
        let house = try House()
        for number in 0..<10 { try house.add(house.notice("\(number)")) }
        house.gateway.state.withLock { $0.failures = Array(repeating: .refused(isFinal: false), count: 3) }
        let (well, down) = (Gateway(), house.gateway)
        let server = Deliveries(
            house.database,
            [
                Deliveries.Channel("a", GatewayNotifier(down, .tellAgain)),
                Deliveries.Channel("b", GatewayNotifier(well, .tellAgain)),
            ], Contacts(), DeliveryPolicy(), holder: "one")
        #expect(try server.run(at: { house.now }) == house.now.advanced(bySeconds: 60))
        #expect(down.state.withLock { $0.told.count } == 3 && well.state.withLock { $0.sent.count } == 10)
        try house.runToTheEnd(server)
        #expect(try house.counts() == [.sent: 20])
    }

    @Test(
        "an institution that one notifier reaches needs no address for another; sent again, a notice goes to whoever has been named since"
    )
    func named() throws {
        let house = try House(contact: .mail)
        let phone = Deliveries.Channel("sms", GatewayNotifier(house.gateway, .tellAgain, contact: .phone))
        let mail = Deliveries.Channel("mail", GatewayNotifier(house.gateway, .tellAgain, contact: .mail))
        func server(_ contacts: Contacts) -> Deliveries {
            Deliveries(house.database, [phone, mail], contacts, DeliveryPolicy(), holder: "one")
        }
        try house.add(house.notice("a"))
        try house.add(house.notice("b", to: .institution("H002")))
        try house.runToTheEnd(server(House.contacts ?? Contacts()))
        #expect(try house.counts() == [.sent: 2, .failed: 1])
        let failed = try #require(try house.undelivered().first)
        #expect(failed.channel == "sms" && failed.reason?.en.hasPrefix("no phone number is known") == true)
        let named = try Contacts(
            SettingsObject(
                ["institutions": .object(["H002": .object(["phone": .array([.string("+8613800000000")])])])],
                file: "contacts.json", place: ""))
        #expect(try house.database.writeBlocking { try Outbox.sendAgain(failed.id, at: house.now, in: $0) })
        try house.runToTheEnd(server(named))
        #expect(try house.counts() == [.sent: 3])
        #expect(house.gateway.state.withLock { $0.sent.count == 3 && $0.sent.values.allSatisfy { $0 == 1 } })
    }

    @Test("messages are listed in pages, the latest first, each once, also where many are of the same moment")
    func pages() throws {
        let house = try House()
        for number in 0..<7 { try house.add(house.notice("same \(number)")) }
        house.advance(bySeconds: 1)
        for number in 0..<4 { try house.add(house.notice("later \(number)")) }
        try house.runToTheEnd(house.server())
        var (found, after): ([Outbox.Message], String?) = ([], nil)
        repeat {
            let query = Outbox.Query(states: [.sent, .failed], institution: "H001", limit: 3, after: after)
            let page = try house.database.readBlocking { try Outbox.messages(query, in: $0) }
            found += page.messages
            after = page.next
        } while after != nil
        #expect(found.count == 11 && Set(found.map(\.id)).count == 11)
        #expect(found.prefix(4).allSatisfy { $0.notice.key.hasPrefix("later") })
        #expect(throws: Outbox.UnknownPlace.self) {
            try house.database.readBlocking { try Outbox.messages(Outbox.Query(states: nil, after: "x"), in: $0) }
        }
    }

    @Test("without an address the reason is shown, and what is not due waits")
    func addresses() throws {
        let house = try House(contact: .mail)
        try house.add(house.notice("a", to: .institution("H002")))
        try house.add(house.notice("b", notBefore: house.now.advanced(bySeconds: 3600)))
        #expect(try house.server().run(at: { house.now }) == house.now.advanced(bySeconds: 3600))
        let found = try house.undelivered()
        #expect(found.map(\.state) == [.failed] && found[0].reason?.zh.contains("未登记邮箱") == true)
        #expect(house.gateway.state.withLock { $0.told.isEmpty })
    }

    @Test("a notice that is taken back is told to nobody, unless it was told before")
    func cancelled() throws {
        let house = try House()
        try house.add(house.notice("a", notBefore: house.now.advanced(bySeconds: 60)))
        #expect(try house.database.writeBlocking { try Outbox.cancel(key: "a", at: house.now, in: $0) })
        try house.add(house.notice("b"))
        try house.runToTheEnd(house.server())
        #expect(house.gateway.state.withLock { $0.sent.count } == 1)
        #expect(try house.database.writeBlocking { try !Outbox.cancel(key: "b", at: house.now, in: $0) })
        // What has ended long ago is erased; what waits is not.
        try house.add(house.notice("c", notBefore: house.now.advanced(bySeconds: 1_000_000)))
        house.advance(bySeconds: 100_000)
        #expect(try house.database.writeBlocking { try Outbox.purge(endedBefore: house.now, in: $0) } == 2)
        #expect(try house.counts() == [.waiting: 1])
        // Its key is known for good.
        #expect(try !house.add(house.notice("a")) && !house.add(house.notice("b")))
        try house.runToTheEnd(house.server())
        #expect(try house.counts() == [.sent: 1])
    }

    @Test("two servers on one store never hand over the same message, and what one leaves behind the other takes up")
    func servers() throws {
        let house = try House(.ask)
        for number in 0..<10 { try house.add(house.notice("\(number)")) }
        struct Killed: Error {}
        let first = house.server(holder: "one", step: { if $0 == .claimed { throw Killed() } })
        #expect(throws: Killed.self) { try first.run(at: { house.now }) }
        let second = house.server(holder: "two")
        try second.takeUp()
        _ = try second.run(at: { house.now })
        #expect(try house.counts() == [.sent: 9, .sending: 1])
        house.advance(bySeconds: 301)
        _ = try second.run(at: { house.now })
        try house.runToTheEnd(second)
        #expect(try house.counts() == [.sent: 10])
        #expect(house.gateway.state.withLock { $0.sent.count == 10 && $0.sent.values.allSatisfy { $0 == 1 } })
    }
}
