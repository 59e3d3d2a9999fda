import Foundation
import Testing

/// Every call that changes what is durable is met by a fault, in the real server. The calls are those that an undisturbed run
/// makes; each is named here, so that none is left out or comes in unseen.
@Suite("Every durable step", .serialized, .enabled(if: FaultLibrary.canBuild, "needs a C compiler, cc"))
struct DurableStepTests {
    static let turns = ProcessInfo.processInfo.environment["VEDETTE_STEP_TURNS"].flatMap(Int.init) ?? 10

    /// What docs/durability.md lists. Without a folder's sync a power cut loses files whose bytes are on the disk.
    static let named = [
        "findings folder sync", "findings remove", "findings rename", "findings/incoming sync",
        "findings/incoming write", "highest write", "records.sqlite sync", "records.sqlite write",
        "records.sqlite-wal sync", "records.sqlite-wal write",
        "spool folder sync", "spool rename", "spool/incoming sync", "spool/incoming write", "sqlite-wal sync",
        "sqlite-wal write",
    ]

    @Test("an undisturbed run makes exactly the steps that are named, the syncs of both folders among them")
    func namesSteps() async throws {
        let deployment = try DurableDeployment()
        let steps = try await Self.steps(of: deployment)
        #expect(steps == Self.named)
    }

    @Test("kill -9 at each of them, ten times: every acknowledged upload ends once and as in an undisturbed run")
    func kills() async throws {
        let deployment = try DurableDeployment()
        let steps = try await Self.steps(of: deployment)
        #expect(steps == Self.named)
        let kills = steps.flatMap(Kill.each)
        var lives = 0
        // One after the other, so that no submission is cut off at the same place again and again.
        while lives < kills.count * Self.turns * 2 {
            let killed = deployment.noted("killed ")
            let rest = kills.filter { kill in killed.count(where: kill.isShown) < Self.turns }
            if rest.isEmpty { break }
            for kill in rest {
                lives += 1
                try deployment.meet("kill", at: kill.step, count: kill.passing ?? 1 + lives % 3)
                // Where it was killed as it started, the next life comes.
                guard (try? deployment.server.start()) != nil else { continue }
                for _ in 0..<12 { guard await deployment.send() else { break } }
                deployment.server.kill()
            }
        }
        let killed = deployment.noted("killed ")
        for kill in kills { #expect(killed.count(where: kill.isShown) >= Self.turns, "\(kill)") }
        let faults = try await deployment.faults()
        #expect(faults.isEmpty, "\(faults.prefix(20))")
        print("durable steps: \(steps.joined(separator: ", "))")
        print(
            "durable steps: \(killed.count) kills at \(kills.count) places, \(deployment.acknowledged.count) uploads acknowledged, faults: \(faults.count)"
        )
    }

    @Test(
        "a sync that fails, a full disk and short writes at each of them: what is acknowledged stays, and a restart goes on"
    )
    func failures() async throws {
        let deployment = try DurableDeployment()
        let steps = try await Self.steps(of: deployment)
        var met = 0
        for step in steps {
            for act in ["eio", "enospc", "short"] where act != "short" || step.hasSuffix("write") {
                try deployment.meet(act, at: step, count: 2)
                let before = deployment.noted("begun ").count
                guard (try? deployment.server.start()) != nil else { continue }
                for _ in 0..<4 where !(await deployment.send()) { break }
                // A sync that failed poisons: from then on nothing is acknowledged.
                if act == "eio", ["spool/incoming sync", "spool folder sync", "sqlite-wal sync"].contains(step) {
                    #expect(await !deployment.send(), "acknowledged after \(step) had failed")
                }
                deployment.server.kill()
                met += deployment.noted("begun ").count - before
            }
        }
        let faults = try await deployment.faults()
        #expect(faults.isEmpty, "\(faults.prefix(20))")
        print(
            "failing steps: \(met) of them, \(deployment.acknowledged.count) uploads acknowledged, faults: \(faults.count)"
        )
    }

    /// Where a life of the server ends.
    private struct Kill {
        var step: String
        /// Nil for one of the first three.
        var passing: Int?

        /// The transactions of a life have no names, but an order: an arrival, what waited from an earlier life, the claim, the rows with
        /// their outcome, the next arrival. So each of the first six commits counts as a step of its own.
        static func each(of step: String) -> [Kill] {
            step == "sqlite-wal sync" ? (1...6).map { Kill(step: step, passing: $0) } : [Kill(step: step)]
        }

        func isShown(in line: String) -> Bool {
            passing.map { line == "\(step) #\($0)" } ?? line.hasPrefix("\(step) #")
        }
    }

    /// The steps of receiving and processing a few uploads.
    static func steps(of deployment: DurableDeployment) async throws -> [String] {
        // The first start makes the keys, once; those are not steps of intake.
        try deployment.server.start()
        #expect(await deployment.send())
        #expect(deployment.server.stop() == 0)
        try deployment.meet(nil)
        try deployment.server.start()
        for _ in 0..<6 { #expect(await deployment.send()) }
        for id in deployment.acknowledged.keys { _ = try await deployment.server.outcome(id) }
        let steps = Set(deployment.noted(""))
        #expect(deployment.server.stop() == 0)
        // The index of the write-ahead log is made anew at every start, and a stop's own steps are not intake's.
        return steps.filter { !$0.contains("sqlite-shm") && !$0.contains("killed") && !$0.hasPrefix("lock") }.sorted()
    }
}
