import Accounts
import Portal
import Registrations
import SurveillanceKit

/// Nobody applies here, and nothing waits for review.
extension FakePlatform: ApplicantServices, ReviewServices, RegisterServices {
    func registered(in scope: Scope) -> [Institution] { [FakePlatform.hospital] }
    func registered(_ code: String, in scope: Scope) -> RegisteredRecord? { nil }
    func difference(_ table: RegisterTable) -> RegisterDifference { RegisterDifference(table) { _ in nil } }
    func register(_ change: RegisterChange, by administrator: Account, from address: String) {}
    func merging(_ code: String, into kept: String, in scope: Scope) -> MergePreview? { nil }
    func merge(
        _ code: String, into kept: String, seen: String, by administrator: Account, from address: String
    ) -> MergeError? { .unknown }
    func unmerge(_ code: String, by administrator: Account, from address: String) -> MergeError? { .notMerged }
    func beginChange(_ application: Application) {}
    func requestPhoneCode(
        _ phone: PhoneNumber, for purpose: PhoneCodePurpose, session: String, from address: String
    ) -> PhoneCodeRequest { .sent }
    func resetPassword(_ code: String, of phone: PhoneNumber, session: String, from address: String) -> PhoneCodeVerdict
    { .none }
    func enterApplication(_ code: String, of phone: PhoneNumber, session: String) -> ApplicantEntry { .refused(.none) }
    func application(ofSession token: String) -> Application? { nil }
    func endApplicantSession(_ token: String) {}
    func save(_ form: ApplicationForm, of application: Application) -> Application { application }
    func addFile(
        _ bytes: [UInt8], named name: String, as kind: ApplicationFile.Kind, to application: Application
    ) -> FileAnswer { .added }
    func removeFile(_ kind: ApplicationFile.Kind, of application: Application) {}
    func submit(_ application: Application, from address: String) -> RegistrationError? { nil }
    func preview(_ file: ApplicationFile, page: Int) -> [UInt8] { [] }
    func account(ofLink token: String) -> String? { nil }
    func setPassword(_ password: String, byLink token: String, from address: String) -> BilingualText? { nil }

    func applications(_ states: [Application.State], for reviewer: Account) -> [ReviewedApplication] { [] }
    func application(_ id: String, for reviewer: Account) -> ReviewedApplication? { nil }
    func document(
        _ file: ApplicationFile, of application: Application, for reviewer: Account, from address: String
    ) -> [UInt8] { [] }
    func decide(
        _ id: String, revision: Int, refusal: Refusal?, by reviewer: Account, from address: String
    ) -> RegistrationError? { nil }
}
