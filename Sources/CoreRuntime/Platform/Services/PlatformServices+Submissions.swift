import Accounts
import Audit
import Database
import Intake
import Portal
import SurveillanceKit

extension PlatformServices: SubmissionServices {
    func submission(_ id: SubmissionID, in scope: Scope) async throws -> Submission? {
        try await StorageFault.answered { try await platform.data.log.find(id, scope: scope) }
    }

    func submissions(
        in scope: Scope, matching filter: SubmissionFilter, limit: Int, before: SubmissionID?
    ) async throws -> [Submission] {
        try await StorageFault.answered {
            try await platform.data.log.list(scope: scope, matching: filter, limit: limit, before: before)
        }
    }

    func submissionCount(in scope: Scope, matching filter: SubmissionFilter) async throws -> Int {
        try await StorageFault.answered { try await platform.data.log.count(scope: scope, matching: filter) }
    }

    func checkedPercent(of id: SubmissionID) -> Int? { platform.pipeline.progress.percent(of: id) }

    func counts(in scope: Scope) async throws -> [SubmissionState: Int] {
        try await StorageFault.answered {
            // A reader may still remember pages of a database that is known to be damaged.
            try platform.data.database.requireWhole()
            return try await platform.data.log.counts(scope: scope)
        }
    }

    func findings(of submission: Submission) throws -> FindingLines {
        let reader = LineReader(try platform.data.findings.read(submission))
        return FindingLines { try reader.next() }
    }

    func corrections(_ request: CorrectionsRequest) async throws -> CorrectionsAnswer {
        try await StorageFault.answered { try await platform.corrections(request) }
    }

    func correctionBundle(
        of submission: Submission, as format: CorrectionBundleFormat, in language: Language, by account: Account,
        from address: String
    ) async throws -> CorrectionsAnswer {
        try await StorageFault.answered {
            try await platform.correctionBundle(of: submission, as: format, in: language, by: account, from: address)
        }
    }

    func original(_ submission: Submission, by account: Account, from address: String) async throws -> ExportedFile {
        try await StorageFault.answered {
            try await platform.original(submission, by: Author(name: account.name, origin: address))
        }
    }

    func acknowledge(
        _ id: SubmissionID, reason: String, by account: Account, from address: String
    ) async throws -> Submission {
        try await StorageFault.readable {
            try await platform.acknowledge(id, reason: reason, by: Author(name: account.name, origin: address))
        }
    }

    func retry(_ id: SubmissionID, by account: Account, from address: String) async throws -> Submission {
        try await StorageFault.readable {
            try await platform.retry(id, by: Author(name: account.name, origin: address))
        }
    }

    func note(_ action: NotedAction, of id: SubmissionID, by account: Account, from address: String) async throws {
        let entry = AuditEntry(
            author: Author(name: account.name, origin: address), action: action.rawValue, subject: id.description,
            at: now)
        try await StorageFault.answered {
            try await platform.data.database.write { try AuditTrail.append(entry, in: $0) }
        }
    }
}

/// A reader of findings that several tasks may hold, one at a time. Unchecked: `FindingLines` is read from one place at once.
private final class LineReader: @unchecked Sendable {
    private let reader: FindingsReader

    init(_ reader: FindingsReader) { self.reader = reader }

    func next() throws -> ArraySlice<UInt8>? { try reader.nextLine() }
}
