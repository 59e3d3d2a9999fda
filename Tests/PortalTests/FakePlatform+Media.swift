import Accounts
import Notices

@testable import Portal

extension FakePlatform: MediaServices {
    func trainingMedia() -> [TrainingMedia] { [] }
    func trainingMedia(_ id: String) -> TrainingMedia? { nil }
    func piece(_ number: Int, of media: String) -> [UInt8]? { nil }
    func publish(_ draft: MediaDraft, by account: Account, from address: String) -> Bool { false }
    func removeMedia(_ id: String, by account: Account, from address: String) -> Bool { false }
}
