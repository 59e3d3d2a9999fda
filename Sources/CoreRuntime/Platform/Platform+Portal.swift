import Accounts
import Audit
import Database
import Foundation
import HTTPServer
import Intake
import Portal
import ProgramFiles
import ShangMi
import SurveillanceKit
import Validation

extension Platform {
    /// What the pages and the API need, each answered by its room.
    var portalServices: PortalServices {
        PortalServices(
            now: now,
            newToken: { [random] in Hex.encode(random.bytes(16)) },
            formToken: { [formKey] preSession in
                try HMACSM3.code(Array("sign-in form ".utf8) + Array(preSession.utf8), key: formKey).hex
            },
            signIn: { name, password, address in
                try await StorageFault.answered { try await self.signIn(name, password, address) }
            },
            session: { token in
                try await StorageFault.answered { try await self.sessions.find(token, at: self.seconds) }
            },
            signOut: { token, address in
                try await StorageFault.answered {
                    try await self.sessions.end(token, from: address, at: self.seconds)
                }
            },
            authenticate: { credentials, address in
                try await StorageFault.answered {
                    try await self.authenticator.authenticate(credentials, from: address, at: self.seconds)
                }
            },
            account: { token in
                try await StorageFault.answered { try await self.tokens.account(for: token, at: self.seconds) }
            },
            institution: { code in self.institutions[code] },
            programs: { self.registry.programs.map(\.program) },
            setAside: { self.registry.setAside },
            beginUpload: { upload in try Receiving(upload, at: self) },
            beginPackage: { upload, maximumBytes in
                try ReceivingPackage(upload, maximumBytes: maximumBytes, at: self)
            },
            find: { id, scope in
                try await StorageFault.answered { try await self.data.log.find(id, scope: scope) }
            },
            list: { scope, state, limit, before in
                try await StorageFault.answered {
                    try await self.data.log.list(scope: scope, state: state, limit: limit, before: before)
                }
            },
            counts: { scope in
                try await StorageFault.answered {
                    // A reader may still remember pages of a database that is known to be damaged.
                    try self.data.database.requireWhole()
                    return try await self.data.log.counts(scope: scope)
                }
            },
            findings: { submission in
                let reader = LineReader(try self.data.findings.read(submission))
                return FindingLines { try reader.next() }
            },
            corrections: { request in try await StorageFault.answered { try await self.corrections(request) } },
            receipt: { submission in
                try await StorageFault.answered {
                    try await self.data.database.read { connection in
                        try self.data.receipts.receipts(of: submission.id, in: connection).last
                    }
                }
            },
            receiptHead: {
                try await StorageFault.answered {
                    try await self.data.database.read { try self.data.receipts.head(in: $0) }
                }
            },
            receiptKey: { self.data.receipts.publicKey.pem },
            retry: { id, account, address in
                try await StorageFault.readable {
                    try await self.retry(id, by: Author(name: account.name, origin: address))
                }
            },
            note: { action, id, account, address in
                let entry = AuditEntry(
                    author: Author(name: account.name, origin: address), action: action.rawValue,
                    subject: id.description, at: Instant(milliseconds: self.now()))
                try await StorageFault.answered {
                    try await self.data.database.write { try AuditTrail.append(entry, in: $0) }
                }
            },
            changes: { request in try await StorageFault.answered { try await self.changes(request) } },
            withdraw: { id, reason, account, address in
                try await StorageFault.readable {
                    try await self.withdraw(id, reason: reason, by: Author(name: account.name, origin: address))
                }
            },
            unreadiness: { await self.unreadiness() },
            metrics: { try await self.metrics() },
            notices: { self.notices() })
    }

    private var seconds: Int64 { now() / 1000 }

    private func signIn(_ name: String, _ password: String, _ address: String) async throws -> SignInAnswer {
        let outcome = try await authenticator.signIn(name: name, password: password, from: address, at: seconds)
        switch outcome {
        case .accepted(let account):
            return .accepted(token: try await sessions.begin(for: account, from: address, at: seconds).token)
        case .refused:
            return .refused(outcome.message(at: seconds) ?? BilingualText(zh: "", en: ""), waitSeconds: nil)
        case .wait(let until):
            return .refused(
                outcome.message(at: seconds) ?? BilingualText(zh: "", en: ""), waitSeconds: Int(max(1, until - seconds))
            )
        }
    }

    /// Whether a report could be received now: the disk has room and nothing is poisoned.
    private func unreadiness() async -> BilingualText? {
        do {
            try await integrity.look()
            let probe = try data.spool.begin(SubmissionID(at: now(), random: random), expectedBytes: 1)
            probe.abandon()
            _ = try await data.log.counts(scope: .nation)
            return nil
        } catch let error as DataFolderError {
            return error.message
        } catch {
            if let error = StorageFault.readable(error) as? IntakeError { return error.message }
            return BilingualText(zh: "数据库不可用", en: "the database does not answer")
        }
    }
}

/// A reader of findings that several tasks may hold, one at a time. Unchecked: `FindingLines` is read from one place at once.
private final class LineReader: @unchecked Sendable {
    private let reader: FindingsReader

    init(_ reader: FindingsReader) { self.reader = reader }

    func next() throws -> ArraySlice<UInt8>? { try reader.nextLine() }
}
