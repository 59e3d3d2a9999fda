import ExportCSV
import HTTPServer
import Notices
import SurveillanceKit
import Synchronization

@testable import Accounts
@testable import Intake
@testable import Portal

extension FakePlatform: SignInServices {
    var now: Instant { FakePlatform.now }

    func newToken() -> String { "new-token" }

    func formToken(for preSession: String) -> String { "form-of-\(preSession)" }

    func signIn(_ name: String, password: String, from address: String) -> SignInAnswer {
        if name == "operator", password == "right" { return .unfinished(token: "code") }
        guard name == "h001", password == "right" else {
            return .refused(BilingualText(zh: "账号或密码不正确", en: "wrong"), waitSeconds: name == "locked" ? 60 : nil)
        }
        _ = state.withLock { $0.sessions.insert("s2") }
        return .accepted(token: "s2", language: state.withLock { $0.contact.language })
    }

    func session(_ token: String) -> Session? {
        if token == "operator" { return FakePlatform.operatorSession }
        return state.withLock { $0.sessions.contains(token) } ? FakePlatform.session : nil
    }

    func signOut(_ token: String, from address: String) { _ = state.withLock { $0.sessions.remove(token) } }

    func authenticate(_ credentials: BasicCredentials, from address: String) -> SignInOutcome {
        switch (credentials.name, credentials.password) {
        case ("h001", "right"): .accepted(FakePlatform.account)
        case ("province", "right"): .accepted(FakePlatform.province)
        case ("operator", "right"): .accepted(FakePlatform.operation)
        case ("locked", _): .wait(until: FakePlatform.now.advanced(bySeconds: 60))
        default: .refused
        }
    }

    func account(ofToken token: String) -> Account? {
        switch token {
        case "vedette_token": FakePlatform.account
        case "vedette_province": FakePlatform.province
        case "vedette_operator": FakePlatform.operation
        default: nil
        }
    }
}

extension FakePlatform: ReferenceServices {
    var programs: [Program] { [FakePlatform.program] }

    var setAside: [SetAsideProgram] { state.withLock(\.setAside) }

    func example(of program: String) -> [UInt8]? { program == "influenza" ? Array("PK".utf8) : nil }

    func institution(_ code: String) -> Institution? { code == "H001" ? FakePlatform.hospital : nil }

    func kept(insteadOf code: String) -> Institution? { nil }
}

extension FakePlatform: UploadServices {
    func beginUpload(_ announcement: UploadAnnouncement) throws -> any PendingUpload { try begin(announcement) }

    func beginPackage(_ announcement: UploadAnnouncement, maximumBytes: Int) throws -> any PendingPackage {
        try begin(announcement)
    }

    private func begin(_ announcement: UploadAnnouncement) throws -> FakeUpload {
        try state.withLock {
            if let failure = $0.failure { throw failure }
            $0.announcements.append(announcement)
            let upload = FakeUpload(announcement, id: FakePlatform.id(900 + $0.announcements.count), platform: self)
            $0.uploads.append(upload)
            return upload
        }
    }
}

extension FakePlatform: SubmissionServices {
    func submission(_ id: SubmissionID, in scope: Scope) -> Submission? {
        state.withLock { $0.submissions.first { $0.id == id && FakePlatform.covers(scope, $0) } }
    }

    func submissions(
        in scope: Scope, matching filter: SubmissionFilter, limit: Int, before: SubmissionID?
    ) -> [Submission] {
        let latest = state.withLock { Array($0.submissions.reversed()) }
        let found = latest.filter { submission in
            FakePlatform.covers(scope, submission)
                && filter.matches(submission)
                && before.map { submission.id < $0 } ?? true
        }
        return Array(found.prefix(limit))
    }

    func submissionCount(in scope: Scope, matching filter: SubmissionFilter) -> Int {
        state.withLock { $0.submissions.filter { FakePlatform.covers(scope, $0) && filter.matches($0) }.count }
    }

    func checkedPercent(of id: SubmissionID) -> Int? { state.withLock { $0.checkedPercent[id] } }

    func counts(in scope: Scope) -> [SubmissionState: Int] {
        let covered = state.withLock { $0.submissions.filter { FakePlatform.covers(scope, $0) } }
        return Dictionary(grouping: covered, by: \.state).mapValues(\.count)
    }

    func findings(of submission: Submission) -> FindingLines {
        let lines = Mutex(
            (state.withLock { $0.findings[submission.id] } ?? []).map { finding -> ArraySlice<UInt8> in
                var line: [UInt8] = []
                finding.appendJSONLine(to: &line)
                return line.dropLast()
            }[...])
        return FindingLines { lines.withLock { $0.popFirst() } }
    }

    func corrections(_ request: CorrectionsRequest) -> CorrectionsAnswer {
        if request.file.rows == 0 { return .unreadable(BilingualText(zh: "校验值不符", en: "wrong checksum")) }
        guard request.file.rejected > 0 else { return .none }
        let pieces = Mutex(["P5,vedette_row,vedette_findings\r\n"][...])
        let file = ExportedFile(fileExtension: "csv", mediaType: "text/csv; charset=utf-8") {
            pieces.withLock { $0.popFirst() }.map { Array($0.utf8) }
        }
        return .rows(fileName: "flu_corrections_1.csv", file)
    }

    func correctionBundle(
        of submission: Submission, as format: CorrectionBundleFormat, in language: Language, by account: Account,
        from address: String
    ) -> CorrectionsAnswer {
        guard submission.rejected > 0 else { return .none }
        let pieces = Mutex(["PK"][...])
        let file = ExportedFile(fileExtension: format.rawValue, mediaType: "application/\(format.rawValue)") {
            pieces.withLock { $0.popFirst() }.map { Array($0.utf8) }
        }
        return .rows(fileName: "corrections_1.\(format.rawValue)", file)
    }

    func acknowledge(_ id: SubmissionID, reason: String, by account: Account, from address: String) throws -> Submission
    {
        try state.withLock { state in
            guard let index = state.submissions.firstIndex(where: { $0.id == id }) else {
                throw IntakeError.noSuchSubmission(id)
            }
            state.submissions[index].acknowledgement = Submission.Acknowledgement(
                at: FakePlatform.now, account: account.name, reason: reason)
            return state.submissions[index]
        }
    }

    func original(_ submission: Submission, by account: Account, from address: String) -> ExportedFile {
        state.withLock { $0.notes.append("original.download \(submission.id) \(account.name)") }
        let pieces = Mutex(["P5\r\n", "1\r\n"][...])
        return ExportedFile(fileExtension: "csv", mediaType: "text/csv") {
            pieces.withLock { $0.popFirst() }.map { Array($0.utf8) }
        }
    }

    func retry(_ id: SubmissionID, by account: Account, from address: String) throws -> Submission {
        try state.withLock { state in
            guard let index = state.submissions.firstIndex(where: { $0.id == id }) else {
                throw IntakeError.noSuchSubmission(id)
            }
            guard state.submissions[index].state.isFinal else {
                throw IntakeError.cannotRetry(id, state: state.submissions[index].state)
            }
            state.submissions[index].state = .received
            state.notes.append("submission.retry \(id) \(account.name)")
            return state.submissions[index]
        }
    }

    func note(_ action: NotedAction, of id: SubmissionID, by account: Account, from address: String) {
        state.withLock { $0.notes.append("\(action.rawValue) \(id) \(account.name)") }
    }
}

/// It stores no records.
extension FakePlatform: RecordServices {
    func changes(_ request: ChangesRequest) -> SubmissionChanges { SubmissionChanges() }

    func withdraw(_ id: SubmissionID, reason: String, by account: Account, from address: String) throws -> Submission {
        throw IntakeError.noSuchSubmission(id)
    }
}

extension FakePlatform: ReceiptServices {
    var receiptKey: String { "-----BEGIN PUBLIC KEY-----\n" }

    func receipt(of submission: Submission) throws -> SignedReceipt? {
        try submission.state.isFinal ? FakePlatform.receipt(of: submission) : nil
    }

    func receiptHead() -> (number: Int, digest: String) { (7, String(repeating: "7", count: 64)) }
}

extension FakePlatform: OperationServices {
    var notices: [BilingualText] { [] }

    func unreadiness() -> BilingualText? { state.withLock { $0.failure?.message } }

    func metrics() -> String { "vedette_up 1\n" }
}

extension FakePlatform: DownloadServices {
    func pdf(of document: PrintedDocument) -> [UInt8]? { Array("%PDF-1.7 \(document.title)".utf8) }

    func file(of table: ExportTable, format: String, in language: Language) throws -> ExportedFile? {
        format == "csv" ? try CSVExporter().file(of: table, in: language) : nil
    }

    func zip(of files: [ZippedFile]) -> ExportedFile {
        ExportedFile(fileExtension: "zip", mediaType: "application/zip") { nil }
    }
}

extension FakePlatform: NoticeServices {
    func messages(_ query: Outbox.Query) throws -> Outbox.Page {
        let start = query.after.map { Int($0.split(separator: "-")[0]) } ?? 0
        guard let start else { throw Outbox.UnknownPlace(text: query.after ?? "") }
        let found = state.withLock { $0.messages }.filter { query.states?.contains($0.state) ?? ($0.state != .sent) }
        let page = found.dropFirst(start).prefix(query.limit)
        return Outbox.Page(
            Array(page), total: found.count, next: page.endIndex < found.count ? "\(page.endIndex)-x" : nil)
    }

    func messageCounts() -> [Outbox.State: Int] {
        state.withLock { $0.messages }.reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
    }

    func settle(_ message: String, _ decision: MessageDecision, by account: Account, from address: String) -> Bool {
        state.withLock { state in
            let index = state.messages.firstIndex { $0.id == message && ($0.state == .failed || $0.state == .held) }
            guard let index else { return false }
            state.messages[index].state = decision == .dismiss ? .expired : .waiting
            state.notes.append("\(decision.rawValue) \(message) \(account.name)")
            return true
        }
    }
}
