import Testing

@testable import AgentCore

@Suite("Which files of the inbox are whole")
struct InboxWatchTests {
    typealias Entry = InboxWatch.Entry

    private func names(_ entries: [Entry]) -> [String] { entries.map(\.name) }

    @Test("a file is whole when two looks at least 10 s apart show the same size and time")
    func settled() {
        var watch = InboxWatch(quietSeconds: 60)
        let zip = Entry("a.zip", size: 5, modified: 1)
        #expect(watch.look(at: [zip], uptime: 0).zips.isEmpty)
        #expect(watch.look(at: [zip], uptime: 9_999).zips.isEmpty)
        #expect(watch.look(at: [zip], uptime: 10_000).zips == [zip])
    }

    @Test("a file that grows waits until it grows no more, and so does one of which only the time changes")
    func growing() {
        var watch = InboxWatch(quietSeconds: 0)
        for look in 0..<20 {
            let grown = Entry("a.zip", size: Int64(10 + look), modified: 1)
            let touched = Entry("b.zip", size: 10, modified: Int64(look))
            let whole = watch.look(at: [grown, touched], uptime: Int64(look) * 10_000)
            #expect(whole.zips.isEmpty && whole.isWaiting)
        }
        let (a, b) = (Entry("a.zip", size: 29, modified: 1), Entry("b.zip", size: 10, modified: 19))
        #expect(names(watch.look(at: [a, b], uptime: 200_000).zips) == ["a.zip", "b.zip"])
    }

    @Test("a file that gets its name when it is whole counts from that moment")
    func renamed() {
        var watch = InboxWatch(quietSeconds: 0)
        _ = watch.look(at: [Entry("flu_1.csv.tmp", size: 5, modified: 1)], uptime: 0)
        let named = Entry("flu_1.csv", size: 5, modified: 1)
        #expect(watch.look(at: [named], uptime: 30_000).tables.isEmpty)
        #expect(watch.look(at: [named], uptime: 40_000).tables == [named])
    }

    @Test(
        "unfinished, hidden and empty files never go",
        arguments: ["a.tmp", "a.csv.part", "A.CSV.TMP", "a.csv~", ".a.csv", "~$a.xlsx"])
    func names(name: String) {
        var watch = InboxWatch(quietSeconds: 0)
        let entries = [Entry(name, size: 5, modified: 1), Entry("empty.csv", size: 0, modified: 1)]
        for look in 0..<5 {
            let whole = watch.look(at: entries, uptime: Int64(look) * 60_000)
            #expect(whole.tables.isEmpty && whole.zips.isEmpty)
            #expect(whole.empty == (look == 0 ? [] : ["empty.csv"]))
        }
    }

    @Test("tables wait together until nothing has changed for the quiet time; a zip does not wait for them")
    func quiet() {
        var watch = InboxWatch(quietSeconds: 60)
        let (flu, lis) = (Entry("flu_1.csv", size: 5, modified: 1), Entry("lis_1.csv", size: 5, modified: 1))
        let zip = Entry("x.zip", size: 5, modified: 1)
        _ = watch.look(at: [flu, zip], uptime: 0)
        #expect(watch.look(at: [flu, zip], uptime: 10_000).zips == [zip])
        // A later file of the same export begins the quiet time anew.
        _ = watch.look(at: [flu, lis], uptime: 50_000)
        let early = watch.look(at: [flu, lis], uptime: 109_999)
        #expect(early.tables.isEmpty && early.isWaiting)
        #expect(names(watch.look(at: [flu, lis], uptime: 110_000).tables) == ["flu_1.csv", "lis_1.csv"])
    }

    @Test("a temporary file that still grows holds the tables of its export back, another kind of file does not")
    func unfinishedHolds() {
        var watch = InboxWatch(quietSeconds: 60)
        let flu = Entry("flu_1.csv", size: 5, modified: 1)
        for look in 0..<20 {
            let growing = Entry("lis_1.csv.part", size: Int64(look), modified: 1)
            #expect(watch.look(at: [flu, growing], uptime: Int64(look) * 10_000).tables.isEmpty)
        }
        watch = InboxWatch(quietSeconds: 60)
        var went = false
        for look in 0..<10 {
            let growing = Entry("export.log", size: Int64(look), modified: 1)
            went = went || !watch.look(at: [flu, growing], uptime: Int64(look) * 10_000).tables.isEmpty
        }
        #expect(went)
    }

    @Test("a .ready file ends the quiet time, and never the time in which a file settles")
    func ready() {
        var watch = InboxWatch(quietSeconds: 3600)
        let (flu, mark) = (Entry("flu_1.csv", size: 5, modified: 1), Entry("today.ready", size: 0, modified: 1))
        _ = watch.look(at: [flu, mark], uptime: 0)
        let growing = Entry("lis_1.csv", size: 9, modified: 2)
        #expect(watch.look(at: [flu, growing, mark], uptime: 10_000).tables.isEmpty)
        let whole = watch.look(at: [flu, growing, mark], uptime: 20_000)
        #expect(names(whole.tables) == ["flu_1.csv", "lis_1.csv"] && whole.ready == ["today.ready"])
        var alone = InboxWatch(quietSeconds: 0)
        #expect(alone.look(at: [mark], uptime: 90_000).ready.isEmpty)
    }
}
