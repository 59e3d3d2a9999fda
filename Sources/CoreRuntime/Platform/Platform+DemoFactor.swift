import Accounts
public import Audit
import ShangMi
import SurveillanceKit

extension Platform {
    /// Gives an account of a demo a second factor, whose codes the page of the demo's messages shows. Elsewhere it does nothing.
    public func setUpDemoFactor(of name: String, by author: Author) async throws {
        guard configuration.isDemo, try await factors.status(of: name) == nil else { return }
        let (secret, moment) = (factors.newSecret(), now())
        // The code of the step before, so that the present one can still sign in.
        let code = try TimeCode.code(secret: secret, step: TimeCode.step(at: moment.seconds) - 1)
        _ = try await factors.setUp(secret, code: code, of: name, by: author, at: moment)
    }
}
