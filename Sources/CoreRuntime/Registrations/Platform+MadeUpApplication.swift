public import Accounts
import Audit
public import Registrations
import SurveillanceKit

extension Platform {
    /// Sends in an application as its applicant would, for a demo; nothing where the telephone has one already.
    ///
    /// - Parameters:
    ///   - scan: a picture that stands for each of the scans.
    ///   - refusal: why a reviewer refuses it; nil leaves it waiting.
    public func addMadeUpApplication(
        _ phone: PhoneNumber, _ form: ApplicationForm, scan: [UInt8], refusal: Refusal? = nil, reviewer: String
    ) async throws {
        let begun = try await registrations.applications.begin(phone, at: now()).application
        guard begun.submittedAt == nil else { return }
        var application = try await registrations.applications.save(form, of: begun.id, at: now())
        for kind in ApplicationFile.Kind.allCases {
            _ = try await portalServices.addFile(scan, named: "scan.jpg", as: kind, to: application)
        }
        application = try await registrations.applications.submit(application.id, from: "demo", at: now())
        guard let refusal, let account = try await accounts.find(reviewer) else { return }
        try await registrations.applications.refuse(
            application.id, revision: application.revision, refusal,
            by: Reviewer(
                author: Author(name: account.name, origin: "demo"), scope: account.reviewScope, phone: "", mail: ""),
            at: now())
    }
}
