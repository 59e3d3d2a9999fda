import Database
import Intake
import Portal
import SurveillanceKit

extension PlatformServices: OperationServices {
    var notices: [BilingualText] { platform.notices() }

    func metrics() async throws -> String { try await platform.metrics() }

    /// Whether a report could be received now: the disk has room and nothing is poisoned.
    func unreadiness() async -> BilingualText? {
        let data = platform.data
        do {
            try await platform.integrity.look()
            let probe = try data.spool.begin(
                SubmissionID(at: platform.now(), random: platform.random), expectedBytes: 1)
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
