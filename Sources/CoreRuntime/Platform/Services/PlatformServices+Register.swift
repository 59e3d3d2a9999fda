import Accounts
import Audit
import Database
import Intake
import Portal
import Registrations
import SurveillanceKit
import Synchronization
import Timeliness

extension PlatformServices: RegisterServices {
    func registered(in scope: Scope) -> [Institution] {
        platform.institutions.institutions.filter { scope.covers(institution: $0.code, in: $0.region) }
    }

    func registered(_ code: String, in scope: Scope) async throws -> RegisteredRecord? {
        guard let institution = institution(code), scope.covers(institution: code, in: institution.region) else {
            return nil
        }
        return try await StorageFault.answered {
            let (versions, merges) = try await platform.data.database.read {
                (try InstitutionRegister.history(of: code, in: $0), try InstitutionMerges.history(of: code, in: $0))
            }
            var duplicates: [MergedRecord] = []
            for merge in merges where merge.isInForce && merge.kept == code {
                let own = merge.duplicate
                guard let duplicate = self.institution(own) else { continue }
                let earlier = try await platform.data.database.read { try InstitutionRegister.history(of: own, in: $0) }
                duplicates.append(
                    MergedRecord(
                        merge: merge, institution: duplicate, versions: earlier,
                        accounts: try await platform.accounts.list(ofInstitution: own)))
            }
            return RegisteredRecord(
                institution: institution, isSuspended: versions.first?.isSuspended ?? false, versions: versions,
                accounts: try await platform.accounts.list(ofInstitution: code), merges: merges,
                duplicates: duplicates)
        }
    }

    func difference(_ table: RegisterTable) -> RegisterDifference {
        let known = platform.register.withLock { $0 }
        return RegisterDifference(table) { known.unmerged($0) }
    }

    private var file: [String: Institution] {
        Dictionary(platform.seed.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func register(_ change: RegisterChange, by administrator: Account, from address: String) async throws {
        let author = Author(name: administrator.name, origin: address)
        let (moment, file) = (now, file)
        try await StorageFault.answered {
            try await platform.data.database.write { transaction in
                // What was registered, without what merges lay over it.
                func known(_ code: String) throws -> Institution? {
                    try InstitutionRegister.history(of: code, in: transaction).first?.institution ?? file[code]
                }
                func set(_ code: String, _ action: String, isSuspended: Bool? = nil, until: CivilDate? = nil) throws {
                    guard var institution = try known(code) else { return }
                    institution.until = until ?? institution.until
                    try InstitutionRegister.set(
                        institution, base: file[code], isSuspended: isSuspended, action: action, by: author, at: moment,
                        in: transaction)
                }
                switch change {
                case .close(let code, let until): try set(code, "institution.close", until: until)
                case .suspend(let code): try set(code, "institution.suspend", isSuspended: true)
                case .resume(let code): try set(code, "institution.resume", isSuspended: false)
                case .take(let table):
                    let before = try WholeRegister(Array(file.values), in: transaction)
                    let difference = RegisterDifference(table) { before.unmerged($0) }
                    for institution in difference.added + difference.changed.map(\.after) {
                        try InstitutionRegister.set(
                            institution, base: file[institution.code], action: "institution.import", by: author,
                            at: moment, in: transaction)
                    }
                }
            }
            try await platform.refreshRegister()
        }
    }

    // MARK: Merging

    func kept(insteadOf code: String) -> Institution? {
        platform.register.withLock { $0.kept(insteadOf: code) }.flatMap { institution($0) }
    }

    /// In which zone the day of a merge is counted, as days of reviews are.
    private var today: CivilDate {
        CivilZone("Asia/Shanghai")?.day(at: now) ?? CivilDate(daysSince1970: Int(now.milliseconds / 86_400_000))
    }

    func merging(_ code: String, into kept: String, in scope: Scope) async throws -> MergePreview? {
        guard let duplicate = institution(code), scope.covers(institution: code, in: duplicate.region) else {
            return nil
        }
        guard let other = institution(kept), scope.covers(institution: kept, in: other.region) else {
            return MergePreview(duplicate: duplicate, obstacle: .unknown)
        }
        let (file, today) = (file, today)
        return try await StorageFault.answered {
            let (mark, obstacle) = try await platform.data.database.read {
                (
                    try InstitutionMerges.mark(code, kept, in: $0),
                    try InstitutionMerges.obstacle(
                        to: code, into: kept, seed: { file[$0] }, today: today, in: $0)
                )
            }
            var preview = MergePreview(duplicate: duplicate, obstacle: obstacle)
            preview.seen = mark
            preview.kept = other
            preview.after = other.takingIn(duplicate)
            preview.lastDay = today.advanced(byDays: -1)
            preview.accounts = try await platform.accounts.list(ofInstitution: code)
            for (place, own) in [code, kept].enumerated() {
                let count = try await platform.data.log.counts(scope: .institution(own)).values.reduce(0, +)
                if place == 0 { preview.submissions = count } else { preview.keptSubmissions = count }
            }
            return preview
        }
    }

    func merge(
        _ code: String, into kept: String, seen: String, by administrator: Account, from address: String
    ) async throws -> MergeError? {
        let (file, today, moment) = (file, today, now)
        return try await mergeAnswer {
            try InstitutionMerges.begin(
                code, into: kept, seen: seen, seed: { file[$0] }, today: today,
                by: Author(name: administrator.name, origin: address), at: moment, in: $0)
        }
    }

    func unmerge(_ code: String, by administrator: Account, from address: String) async throws -> MergeError? {
        let moment = now
        return try await mergeAnswer {
            try InstitutionMerges.undo(
                code, by: Author(name: administrator.name, origin: address), at: moment, in: $0)
        }
    }

    private func mergeAnswer(_ body: @escaping @Sendable (any Transaction) throws -> Void) async throws -> MergeError? {
        try await StorageFault.answered {
            do { try await platform.data.database.write(body) } catch let error as MergeError { return error }
            try await platform.refreshRegister()
            return nil
        }
    }
}
