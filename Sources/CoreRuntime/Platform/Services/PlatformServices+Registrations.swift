import Accounts
import Audit
import Database
import Documents
import PluginKit
import Portal
import Registrations
import SurveillanceKit
import Synchronization
import Timeliness

extension PlatformServices: ApplicantServices {
    private var desk: RegistrationDesk { platform.registrations }

    func requestPhoneCode(
        _ phone: PhoneNumber, for purpose: PhoneCodePurpose, session: String, from address: String
    ) async throws -> PhoneCodeRequest {
        try await StorageFault.answered {
            let answer = try await desk.codes.request(
                phone, for: purpose, session: session, from: address, at: now)
            switch answer {
            case .sent: platform.deliverNotices()
            case .wait: break
            case .exhausted:
                platform.report(
                    BilingualText(
                        zh: "今天不再发送验证码：平台的短信额度已用完",
                        en: "no more verification codes are sent today: the platform's budget of messages is used up"))
            }
            return answer
        }
    }

    func resetPassword(_ code: String, of phone: PhoneNumber, session: String, from address: String) async throws
        -> PhoneCodeVerdict
    {
        try await StorageFault.answered {
            let verdict = try await desk.codes.verify(code, of: phone, for: .password, session: session, at: now)
            guard verdict == .right else { return verdict }
            let base = platform.publicAddress
            try await desk.links.sendReset(
                to: phone, random: platform.random, link: { "\(base)/set-password?token=\($0)" }, from: address, at: now
            )
            platform.deliverNotices()
            return verdict
        }
    }

    func enterApplication(_ code: String, of phone: PhoneNumber, session: String) async throws -> ApplicantEntry {
        try await StorageFault.answered {
            let verdict = try await desk.codes.verify(
                code, of: phone, for: .application, session: session, at: now)
            guard verdict == .right else { return .refused(verdict) }
            return .entered(token: try await desk.applications.begin(phone, at: now).token)
        }
    }

    func application(ofSession token: String) async throws -> Application? {
        try await StorageFault.answered { try await desk.applications.application(ofSession: token, at: now) }
    }

    func endApplicantSession(_ token: String) async throws {
        try await StorageFault.answered { try await desk.applications.endSession(token) }
    }

    func save(_ form: ApplicationForm, of application: Application) async throws -> Application {
        try await StorageFault.answered { try await desk.applications.save(form, of: application.id, at: now) }
    }

    func addFile(
        _ bytes: [UInt8], named name: String, as kind: ApplicationFile.Kind, to application: Application
    ) async throws -> FileAnswer {
        try await StorageFault.answered {
            let checked: DocumentChecker.Checked
            do {
                checked = try await desk.checker.check(bytes, named: name)
            } catch let fault as DocumentFault {
                if case .notLookedAt(let why) = fault {
                    platform.report(
                        BilingualText(zh: "有一份文件未能检查：\(why.zh)", en: "a document was not looked at: \(why.en)"))
                }
                return .refused(fault.message)
            }
            let scan: ApplicationFile.Scan
            switch try await desk.scan(bytes) {
            case nil: scan = .noScanner
            case .clean: scan = .clean
            case .notFullyScanned: scan = .notFullyScanned
            case .infected(let name):
                platform.report(
                    BilingualText(
                        zh: "申请 \(application.id) 上传的文件含有病毒（\(name)），未接收",
                        en:
                            "a document uploaded to the application \(application.id) is infected (\(name)) and was not taken"
                    ))
                return .refused(
                    BilingualText(
                        zh: "文件含有病毒（\(name)），没有接收；请用杀毒软件检查电脑，再重新扫描上传",
                        en:
                            "The file is infected (\(name)) and was not taken. Have the computer checked for viruses, then scan the paper anew."
                    ))
            case .failed(let reason):
                platform.report(
                    BilingualText(
                        zh: "有一份文件未能检查病毒：\(reason)", en: "a document could not be looked at for viruses: \(reason)"))
                return .refused(
                    BilingualText(
                        zh: "暂时无法检查文件是否含有病毒，没有接收；请过几分钟再上传",
                        en:
                            "The file could not be looked at for viruses just now and was not taken; upload it again in a few minutes."
                    ))
            }
            // Sealed and durable before the database speaks of it.
            let id = desk.documents.newID()
            try await desk.applications.reserve(id, at: now)
            let sm3 = try await OwnThread.run { [documents = desk.documents] in
                try documents.store(bytes, as: id)
            }.get()
            let file = ApplicationFile(
                id: id, kind: kind, mediaType: checked.kind.rawValue, size: bytes.count, pages: checked.pages,
                sm3: sm3, uploadedAt: now, scan: scan)
            _ = try await desk.applications.add(file, to: application.id, at: now)
            return .added
        }
    }

    func removeFile(_ kind: ApplicationFile.Kind, of application: Application) async throws {
        try await StorageFault.answered {
            _ = try await desk.applications.removeFile(kind, of: application.id, at: now)
        }
    }

    func beginChange(_ application: Application) async throws {
        try await StorageFault.answered { _ = try await desk.applications.beginChange(application.id, at: now) }
    }

    func submit(_ application: Application, from address: String) async throws -> RegistrationError? {
        try await StorageFault.answered {
            do {
                _ = try await desk.applications.submit(application.id, from: address, at: now)
                return nil
            } catch let error as RegistrationError { return error }
        }
    }

    func preview(_ file: ApplicationFile, page: Int) async throws -> [UInt8] {
        try await StorageFault.answered {
            let bytes = try await read(file)
            guard let kind = DocumentKind(rawValue: file.mediaType), (1...max(1, file.pages)).contains(page) else {
                return []
            }
            do { return try await desk.checker.preview(bytes, kind, page: page) } catch is DocumentFault { return [] }
        }
    }

    private func read(_ file: ApplicationFile) async throws -> [UInt8] {
        try await OwnThread.run { [documents = desk.documents] in try documents.read(file.id) }.get()
    }

    func account(ofLink token: String) async throws -> String? {
        try await StorageFault.answered { try await desk.links.account(of: token, at: now) }
    }

    func setPassword(_ password: String, byLink token: String, from address: String) async throws -> BilingualText? {
        try await StorageFault.answered {
            let moment = now
            let gone = BilingualText(
                zh: "链接已使用或已过期。请联系管理员。", en: "The link was used, or its time is over. Ask the administrator.")
            guard let name = try await desk.links.account(of: token, at: moment) else { return gone }
            let code = try await platform.accounts.find(name)?.institution
            do {
                try await platform.accounts.setPassword(
                    password, of: name, institution: code.flatMap { institution($0) },
                    by: Author(name: name, origin: address), at: moment
                ) { try PasswordLinks.use(token, at: moment, in: $0) }
                return nil
            } catch let error as AccountError {
                return error.message
            } catch RegistrationError.linkUsed {
                return gone
            }
        }
    }
}

extension PlatformServices: ReviewServices {
    /// How many working days a decision may take.
    private static let reviewDays = 2

    func applications(_ states: [Application.State], for reviewer: Account) async throws -> [ReviewedApplication] {
        try await StorageFault.answered {
            try await desk.applications.queue(in: reviewer.reviewScope, states: states).map {
                reviewed($0, similar: false)
            }
        }
    }

    func application(_ id: String, for reviewer: Account) async throws -> ReviewedApplication? {
        try await StorageFault.answered {
            guard let found = try await desk.applications.reviewed(id, in: reviewer.reviewScope) else { return nil }
            var seen = reviewed(found, similar: true)
            if found.isChange, let account = found.account { seen.changes = try await changes(of: found, account) }
            return seen
        }
    }

    private func changes(of application: Application, _ account: String) async throws -> [BilingualText] {
        let contact = try await platform.accounts.contact(of: account)
        let form = application.form
        var lines: [BilingualText] = []
        if let code = application.institution, let before = platform.register.withLock({ $0.unmerged(code) }),
            var after = form.institution
        {
            (after.grade, after.aliases, after.from) = (before.grade, before.aliases, before.from)
            (after.until, after.changes) = (before.until, before.changes)
            lines = after.differences(from: before)
        }
        if contact.phone != form[.managerPhone] || contact.mail != form[.managerMail] {
            lines.append(
                BilingualText(
                    zh: "数据管理员变更为 \(form[.managerName])：通过后原管理员的密码、会话和令牌全部失效，新管理员收到设置密码的链接",
                    en:
                        "the data manager becomes \(form[.managerName]): once approved, password, sessions and tokens of the former one end, and the new one is sent a link"
                ))
        }
        return lines
    }

    private func reviewed(_ application: Application, similar: Bool) -> ReviewedApplication {
        ReviewedApplication(
            application: application, dueAt: application.submittedAt.flatMap(due),
            similar: similar
                ? SimilarInstitutions.of(application.form, among: platform.institutions.institutions).filter {
                    $0.code != application.institution && kept(insteadOf: $0.code) == nil
                } : [])
    }

    /// The end of the second working day after an application was sent in. Of a year without a calendar Monday to Friday are working days.
    private func due(_ submitted: Instant) -> Instant? {
        guard let zone = CivilZone("Asia/Shanghai") else { return nil }
        var (day, left) = (zone.day(at: submitted), Self.reviewDays)
        for _ in 0..<60 where left > 0 {
            day = day.advanced(byDays: 1)
            if platform.duties.calendar.isWorkingDay(day) ?? (day.weekday <= 5) { left -= 1 }
        }
        return zone.instant(day.advanced(byDays: 1), .midnight)
    }

    func document(
        _ file: ApplicationFile, of application: Application, for reviewer: Account, from address: String
    ) async throws -> [UInt8] {
        try await StorageFault.answered {
            let bytes = try await read(file)
            let entry = AuditEntry(
                author: Author(name: reviewer.name, origin: address), action: "application.download",
                subject: application.id, at: now, detail: ["file": file.kind.rawValue, "sm3": file.sm3])
            try await AuditTrail(database: platform.data.database).append(entry)
            return bytes
        }
    }

    func decide(
        _ id: String, revision: Int, refusal: Refusal?, by reviewer: Account, from address: String
    ) async throws -> RegistrationError? {
        try await StorageFault.answered {
            let contact = try await platform.accounts.contact(of: reviewer.name)
            let judge = Reviewer(
                author: Author(name: reviewer.name, origin: address), scope: reviewer.reviewScope,
                phone: contact.phone, mail: contact.mail)
            do {
                if let refusal {
                    try await desk.applications.refuse(id, revision: revision, refusal, by: judge, at: now)
                } else {
                    let base = platform.publicAddress
                    _ = try await desk.applications.approve(
                        id, revision: revision, by: judge, needsSecond: platform.configuration.needsSecondReviewer,
                        accounts: platform.accounts,
                        isTaken: { [institutions = platform.institutions] in institutions[$0] != nil },
                        link: { "\(base)/set-password?token=\($0)" }, at: now)
                    try await platform.refreshRegister()
                }
            } catch let error as RegistrationError {
                return error
            }
            platform.deliverNotices()
            return nil
        }
    }
}
