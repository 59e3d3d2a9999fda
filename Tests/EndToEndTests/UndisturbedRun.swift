import Foundation
import Testing

extension ServerProcess {
    /// What has become of submissions that is not as at a server that nobody disturbs and that is sent the same packages: empty where all is
    /// well.
    ///
    /// Line lists are not compared: whoever knows the store does that.
    func faults(
        of received: [(id: String, number: Int?)], _ packages: NumberedPackages, beside undisturbed: ServerProcess
    ) async throws -> [String] {
        var sent: [(submission: String, number: Int, id: String)] = []
        for submission in received {
            let number = try #require(submission.number)
            let id = try await undisturbed.send(packages[number], named: "package-\(number).zip")
            sent.append((submission.id, number, id))
        }
        var faults: [String] = []
        for (submission, number, id) in sent {
            let (expected, found) = (try await undisturbed.outcome(id), try await outcome(submission))
            for member in ["state", "sm3", "size", "rows", "accepted", "rejected", "errors", "warnings"]
            where "\(expected[member] ?? "")" != "\(found[member] ?? "")" {
                faults.append("package \(number): \(member) is \(found[member] ?? ""), not \(expected[member] ?? "")")
            }
        }
        return faults
    }

    /// What the commands that verify the receipts and the audit trail find wrong. The server has ended.
    func chainFaults() throws -> [String] {
        try [["receipt", "chain"], ["audit", "verify"]].compactMap { command in
            let verified = try Vedette.run(command + ["--config", configuration.path])
            return verified.status == 0 ? nil : "\(verified.output)\(verified.errors)"
        }
    }
}
