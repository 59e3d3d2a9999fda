import CheckKit
import CoreRuntime
import ProgramFiles
import SelfTest
import Testing
import Validation

@Suite("Known faults in made-up packages")
struct MutationTests {
    static let programs = ["influenza", "fever-clinic"]

    @Test("are found at their places, with nothing beside them but what follows", arguments: programs)
    func exact(program: String) throws {
        let test = try MutationTest(program, in: try Repository.registry.get(), programs: Repository.programs, rows: 4)
        let outcome = try test.run(seeds: 1..<4)
        #expect(outcome.failures.map(\.description) == [])
        #expect(outcome.tries.values.reduce(0, +) > 70)
    }

    @Test("of every kind find a place in some package", arguments: programs)
    func everyKind(program: String) throws {
        let test = try MutationTest(program, in: try Repository.registry.get(), programs: Repository.programs, rows: 3)
        var tried: Set<String> = []
        for seed in UInt64(1)..<60 where tried.count < MutationTest.kinds.count {
            for kind in MutationTest.kinds where !tried.contains(kind) {
                tried.formUnion(try test.run(seeds: seed..<seed + 1, only: kind).tries.keys)
            }
        }
        // No field of the two programs has a pattern or a list of values of its own; the fever clinic has no rule about the day of the
        // check, and none about a parent's code; influenza does not ask for one name of the institution.
        let without = program == "influenza" ? ["institution-name"] : ["future", "parent-code"]
        #expect(Set(MutationTest.kinds).subtracting(tried) == Set(["pattern"] + without))
    }

    @Test("are made alike from alike seeds")
    func repeatable() throws {
        let program = try #require(try Repository.registry.get().program("influenza")?.program)
        let cases = try RuleCases.all(of: "influenza", in: Repository.programs)
        var first = PackageGenerator(program, cases: cases, seed: 7)
        var second = PackageGenerator(program, cases: cases, seed: 7)
        var third = PackageGenerator(program, cases: cases, seed: 8)
        let bytes = first.package(rows: 3).files().map(\.bytes)
        #expect(bytes == second.package(rows: 3).files().map(\.bytes))
        #expect(bytes != third.package(rows: 3).files().map(\.bytes))
    }
}
