import AgentHTTP
import Foundation
import SurveillanceKit
import Synchronization
import Testing

@testable import AgentCore

@Suite("The agent, from the inbox to sent")
struct AgentTests {
    @Test("tables go as one submission, a zip as its own, and all end in sent with their receipts")
    func delivers() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.csv", "P1\n1\n")
        try bench.put("lis_1.csv", "P2\n2\n")
        try bench.put("old.zip", "PK…")
        bench.pass(70)
        #expect(
            bench.server.sent.map(\.files) == [
                "/api/v1/submissions?filename=old.zip", "/api/v1/submissions flu_1.csv lis_1.csv",
            ])
        #expect(bench.server.sent[1].content.contains("P1\n1\n"))
        #expect(bench.exports(in: "\(bench.folder.sent)/2026-11-30") == ["old.zip", "flu_1.csv", "lis_1.csv"])
        #expect(bench.names(in: bench.folder.sent).count { $0.hasSuffix("/receipt.json") } == 2)
        #expect(bench.names(in: bench.folder.inbox).isEmpty && bench.names(in: bench.folder.sending).isEmpty)
        #expect(bench.agent?.isIdle == true)
    }

    @Test("a .ready file sends the tables at once and is gone afterwards")
    func ready() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.csv", "P1\n1\n")
        try bench.put("done.ready", "")
        bench.pass(25)
        #expect(bench.server.sent.count == 1 && bench.names(in: bench.folder.inbox).isEmpty)
    }

    @Test("more tables than a form takes go in several forms")
    func manyTables() throws {
        let bench = try AgentBench()
        for number in 10..<35 { try bench.put("flu_\(number).csv", "P1\n\(number)\n") }
        bench.pass(70)
        #expect(bench.server.sent.map { $0.files.split(separator: " ").count - 1 } == [20, 5])
    }

    @Test("the same bytes are sent once a day, under whatever name; another day they go again")
    func repetition() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.csv", "P1\n1\n")
        bench.pass(70)
        try bench.put("flu_again.csv", "P1\n1\n", at: 5)
        try bench.put("lis_1.csv", "P2\n2\n")
        bench.pass(80)
        #expect(bench.server.sent.map(\.files) == ["/api/v1/submissions flu_1.csv", "/api/v1/submissions lis_1.csv"])
        let note = try #require(bench.find(PackageStore.noteFile, in: bench.folder.sent))
        #expect(try bench.text(note).contains("没有再次发送"))
        #expect(bench.find("flu_again.csv", in: bench.folder.sent) != nil)
        bench.pass(86_400)
        try bench.put("flu_1.csv", "P1\n1\n")
        bench.pass(80)
        #expect(bench.server.sent.count == 3)
    }

    @Test("bytes that others have replaced since are sent again, and so are those of a table that was misnamed")
    func replaced() throws {
        let bench = try AgentBench()
        for (index, content) in ["one", "two", "one", "one"].enumerated() {
            try bench.put("flu_\(index).csv", content)
            bench.pass(80)
        }
        #expect(bench.server.sent.count == 3)
        try bench.put("fevr_1.csv", "three")
        bench.pass(80)
        try bench.put("fever_1.csv", "three")
        bench.pass(80)
        #expect(bench.server.sent.count == 5)
    }

    @Test("a package that is refused lies in failed, with the reason in both languages beside it; others go on")
    func refused() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.zip", "PK1")
        try bench.put("flu_2.zip", "PK2")
        bench.server.answerNext(
            415,
            #"{"title":"t","zh":{"title":"文件类型不对","detail":"请上传 zip"},"en":{"title":"wrong type","detail":"send a zip"}}"#
        )
        bench.pass(30)
        #expect(bench.exports(in: bench.folder.failed) == ["flu_1.zip"])
        let reason = try bench.text(try #require(bench.find(PackageStore.reasonFile, in: bench.folder.failed)))
        #expect(reason.contains("文件类型不对：请上传 zip") && reason.contains("wrong type: send a zip"))
        #expect(bench.exports(in: bench.folder.sent) == ["flu_2.zip"])
        // What was refused was not sent: put back, it goes.
        try bench.put("flu_1.zip", "PK1", at: 9)
        bench.pass(30)
        #expect(bench.server.sent.count == 2)
    }

    @Test("a wrong token ends in failed, and no line of the log and no file repeats the token")
    func wrongToken() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.zip", "PK1")
        bench.server.answerNext(401, #"{"zh":{"title":"需要登录"},"en":{"title":"sign in"}}"#)
        bench.pass(30)
        let reason = try bench.text(try #require(bench.find(PackageStore.reasonFile, in: bench.folder.failed)))
        #expect(reason.contains("令牌") && reason.contains("vedette-agent doctor"))
        let written = try bench.names(in: bench.folder.path).map { try bench.text("\(bench.folder.path)/\($0)") }
        #expect(!(written + bench.lines).contains { $0.contains("vedette_secret") })
    }

    @Test("what passes is tried until it succeeds, with the same key", arguments: [408, 429, 500, 502, 503, 507, 302])
    func passing(status: Int) throws {
        let bench = try AgentBench()
        try bench.put("flu_1.zip", "PK1")
        for _ in 0..<3 { bench.server.answerNext(status) }
        for _ in 0..<3 { bench.server.failNext() }
        bench.pass(3600)
        #expect(bench.server.sent.count == 1 && bench.server.posts == 7)
        let keys = bench.server.state.withLock { $0.requests.filter { $0.method == .post } }
            .compactMap { $0.headers.first { $0.0 == "Idempotency-Key" }?.1 }
        #expect(Set(keys).count == 1 && keys.count == 7)
        #expect(bench.exports(in: bench.folder.sent) == ["flu_1.zip"])
    }

    @Test("Retry-After is kept to")
    func retryAfter() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.zip", "PK1")
        bench.server.answerNext(503, headers: [("retry-after", "900")])
        bench.pass(905)
        #expect(bench.server.posts == 1)
        bench.pass(20)
        #expect(bench.server.posts == 2 && bench.server.sent.count == 1)
    }

    @Test("packages keep their order while the server is away")
    func order() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.zip", "PK1")
        bench.server.state.withLock { state in
            for _ in 0..<5 { state.answers.append(.failure(ConnectionFault(.connection, zh: "断", en: "broken"))) }
        }
        bench.pass(15)
        try bench.put("flu_2.zip", "PK2")
        bench.pass(3600)
        #expect(bench.server.sent.map(\.content) == ["PK1", "PK2"])
    }

    @Test("rejected rows come into corrections, with what was found")
    func corrections() throws {
        let bench = try AgentBench()
        bench.server.state.withLock {
            $0.verdict = #""state":"partly-accepted","rows":3,"accepted":1,"rejected":2,"errors":2,"warnings":0"#
        }
        try bench.put("flu_1.zip", "PK1")
        bench.pass(30)
        let names = bench.names(in: bench.folder.corrections)
        #expect(names.count == 2 && names[0].hasSuffix("-corrections.zip") && names[1].hasSuffix("-findings.csv"))
        #expect(
            bench.agent?.outcomes.first
                == .verdict(.init(state: "partly-accepted", rows: 3, accepted: 1, rejected: 2, errors: 2)))
    }

    @Test("with holdOnErrors the server checks first, and what has errors is not sent")
    func holds() throws {
        let bench = try AgentBench()
        bench.settings.holdOnErrors = true
        try bench.put("flu_1.zip", "PK1")
        bench.server.answerNext(
            200,
            #"{"state":"rejected","files":[{"errors":1}],"findings":[{"severity":"error","file":"flu_1.csv","row":2,"field":"P7","message":{"zh":"日期不对","en":"no date"}}]}"#
        )
        bench.pass(30)
        #expect(bench.server.sent.isEmpty)
        #expect(bench.server.state.withLock { $0.requests.first?.target.hasSuffix("&dryRun=true") == true })
        let reason = try bench.text(try #require(bench.find(PackageStore.reasonFile, in: bench.folder.failed)))
        #expect(reason.contains("flu_1.csv  第 2 行  P7  日期不对") && reason.contains("row 2"))
        try bench.put("flu_2.zip", "PK2")
        bench.server.answerNext(200, #"{"state":"accepted","files":[{"errors":0}],"findings":[]}"#)
        bench.pass(30)
        #expect(bench.server.sent.count == 1)
    }

    @Test("files that cannot be taken are told once, stay, and stop no other")
    func stuck() throws {
        let bench = try AgentBench()
        try bench.put("readme.docx", "x")
        try bench.put("empty.zip", "")
        try bench.put("flu_1.zip", "PK1")
        try FileManager.default.createSymbolicLink(
            atPath: "\(bench.folder.inbox)/link.zip", withDestinationPath: "/etc/passwd")
        bench.pass(300)
        #expect(bench.server.sent.map(\.content) == ["PK1"])
        #expect(bench.names(in: bench.folder.inbox) == ["empty.zip", "link.zip", "readme.docx"])
        let lines = bench.lines
        #expect(lines.count { $0.contains("readme.docx") } == 1 && lines.count { $0.contains("empty.zip") } == 1)
        #expect(bench.agent?.stuck == ["empty.zip", "readme.docx"])
    }

    @Test("a file that is written to while it is sent goes once more, as it is then")
    func changedMeanwhile() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.zip", "PK1")
        let path = bench.folder.sending
        bench.server.state.withLock { state in
            state.afterRecording = {
                let files = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
                guard let file = files.first(where: { $0.hasSuffix("flu_1.zip") }),
                    FileManager.default.contents(atPath: "\(path)/\(file)") == Data("PK1".utf8)
                else { return }
                try? Data("PK1 and more".utf8).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
            }
        }
        bench.pass(60)
        #expect(bench.server.sent.map(\.content) == ["PK1", "PK1 and more"])
    }

    @Test("a name with line breaks makes one line of the log")
    func names() throws {
        let bench = try AgentBench()
        try bench.put("a\nforged.zip", "PK1")
        bench.pass(30)
        #expect(!bench.lines.contains { $0.contains("\n") })
        #expect(bench.server.sent.map(\.files) == ["/api/v1/submissions?filename=a%0Aforged.zip"])
    }
}

@Suite("The agent, ended at any moment")
struct AgentCrashTests {
    /// What ends the program at a step.
    struct Crash: Error {}

    @Test(
        "ended before every step in turn, and started again, it sends each file exactly once and loses none",
        arguments: [false, true])
    func everyStep(isAnswerLost: Bool) throws {
        var steps = 0
        while true {
            let bench = try AgentBench()
            bench.server.state.withLock {
                $0.loseNextAnswer = isAnswerLost
                $0.verdict = #""state":"partly-accepted","rows":3,"accepted":1,"rejected":2,"errors":2,"warnings":0"#
            }
            try bench.put("flu_1.csv", "P1\n1\n")
            try bench.put("lis_1.csv", "P2\n2\n")
            try bench.put("all.ready", "")
            let left = Mutex(steps)
            let crashed = Mutex(false)
            let disk = Disk { _ in
                // Once ended, a program does nothing any more.
                let ends = left.withLock { left -> Bool in
                    left -= 1
                    return left < 0
                }
                if ends {
                    crashed.withLock { $0 = true }
                    throw Crash()
                }
            }
            bench.restart(disk: disk)
            bench.pass(30)
            bench.restart()
            bench.pass(120)
            #expect(bench.server.sent.count == 1, "step \(steps)")
            #expect(bench.server.sent.first?.files == "/api/v1/submissions flu_1.csv lis_1.csv", "step \(steps)")
            #expect(bench.exports(in: bench.folder.sent) == ["flu_1.csv", "lis_1.csv"], "step \(steps)")
            #expect(bench.names(in: bench.folder.corrections).count == 2, "step \(steps)")
            #expect(bench.names(in: bench.folder.inbox).isEmpty && bench.names(in: bench.folder.sending).isEmpty)
            #expect(bench.find("receipt.json", in: bench.folder.sent) != nil, "step \(steps)")
            steps += 1
            if !crashed.withLock({ $0 }) { break }
        }
        #expect(steps > 15)
    }

    @Test("a refusal that was broken off ends in failed")
    func refusal() throws {
        for steps in 0..<30 {
            let bench = try AgentBench()
            try bench.put("flu_1.zip", "PK1")
            bench.server.answerNext(415)
            let left = Mutex(steps)
            bench.restart(
                disk: Disk { _ in
                    if left.withLock({ left -> Bool in
                        left -= 1; return left < 0
                    }) {
                        throw Crash()
                    }
                })
            bench.pass(14)
            if bench.server.sent.isEmpty, bench.server.posts > 0 { bench.server.answerNext(415) }
            bench.restart()
            bench.pass(60)
            let places = [bench.folder.failed, bench.folder.sent].flatMap { bench.exports(in: $0) }
            #expect(places == ["flu_1.zip"], "step \(steps)")
        }
    }

    @Test("a full disk is told, and all goes on when there is room")
    func fullDisk() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.zip", "PK1")
        let isFull = Mutex(true)
        bench.restart(
            disk: Disk { step in
                if step.hasPrefix("write"), isFull.withLock({ $0 }) { throw DiskFault(name: step, code: ENOSPC) }
            })
        bench.pass(120)
        #expect(bench.server.sent.isEmpty && bench.exports(in: bench.folder.inbox) == ["flu_1.zip"])
        #expect(bench.lines.count { $0.contains("the disk is full") } == 1)
        isFull.withLock { $0 = false }
        bench.pass(120)
        #expect(bench.server.sent.count == 1)
    }

    @Test("a new export of the same name that came while the program was down is a package of its own")
    func sameName() throws {
        let bench = try AgentBench()
        try bench.put("flu_1.csv", "old")
        try bench.put("lis_1.csv", "old lis")
        try bench.put("all.ready", "")
        let left = Mutex(4)
        bench.restart(
            disk: Disk { _ in
                if left.withLock({ left -> Bool in
                    left -= 1; return left < 0
                }) {
                    throw Crash()
                }
            })
        bench.pass(15)
        #expect(bench.exports(in: bench.folder.sending) == ["flu_1.csv"])
        try bench.put("flu_1.csv", "new", at: 50)
        bench.restart()
        bench.pass(200)
        #expect(bench.server.sent.count == 2)
        #expect(bench.server.sent.first?.content.contains("old lis") == true)
        #expect(bench.server.sent.last?.content.contains("new") == true)
    }
}
