import AllPrograms
import CoreRuntime
import Foundation
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

/// docs/privacy.md counts what the programs declare.
@Suite struct PrivacyTests {
    @Test("the table of fields by class and policy is that of the programs")
    func fieldCounts() throws {
        let registry = try ProgramRegistry(folder: Repository.root.appendingPathComponent("Surveillance"))
        for type in registry.programs.flatMap(\.program.fileTypes) {
            let classes = [Sensitivity.direct, .quasi, .none].map { kind in type.fields.count { $0.sensitivity == kind }
            }
            let policies = [Deidentification.keep, .drop, .pseudonym, .year, .area, .scrub]
                .map { policy in type.fields.count { $0.deidentify == policy } }
            let row = ([type.fields.count] + classes + policies).map(String.init).joined(separator: " | ")
            try expect("docs/privacy.md", says: "| `\(type.id)` | \(row) |")
        }
    }

    @Test("every class and every policy is explained")
    func words() throws {
        for word in Sensitivity.allCases.map(\.rawValue) + Deidentification.allCases.map(\.rawValue) {
            try expect("docs/privacy.md", says: "\n| `\(word)` | ")
        }
    }
}
