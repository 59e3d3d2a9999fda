import Accounts
import CheckKit
import Documents
import PluginKit
import Portal
import Registrations
import SurveillanceKit
import Synchronization
import Testing

@testable import CoreRuntime

@Suite("Documents that a scanner looks at")
struct ScannedDocumentTests {
    /// Says what it is told to say, and keeps what it was handed.
    private struct FakeScanner: PluginKit.Scanner {
        static let kind = PluginKind.scan
        static let name = "fake"
        static let summary = BilingualText(zh: "", en: "")
        static let settings: [PluginSetting] = []
        let state: State

        final class State: Sendable {
            let verdict = Mutex(ScanVerdict.clean)
            let seen = Mutex<[UInt8]>([])
        }

        init(_ settings: PluginSettings) throws { state = State() }
        init(_ state: State) { self.state = state }

        func scan(_ bytes: () throws -> [UInt8]) throws -> ScanVerdict {
            var all: [UInt8] = []
            while case let piece = try bytes(), !piece.isEmpty { all += piece }
            state.seen.withLock { $0 = all }
            return state.verdict.withLock { $0 }
        }
    }

    private func answers(
        _ scanners: [any PluginKit.Scanner], _ scan: [UInt8]
    ) async throws -> (answer: FileAnswer, kept: ApplicationFile.Scan?) {
        let test = try TestPlatform(adjust: { $0.plugins = EnabledPlugins(scanners) })
        let phone = try #require(PhoneNumber("13812345678"))
        let begun = try await test.platform.registrations.applications.begin(phone, at: test.platform.now())
        let application = try #require(try await test.platform.portalServices.application(ofSession: begun.token))
        let answer = try await test.platform.portalServices.addFile(
            scan, named: "a.jpg", as: .licence, to: application)
        let after = try #require(try await test.platform.portalServices.application(ofSession: begun.token))
        return (answer, after.files.first?.scan)
    }

    private func refusal(_ answer: FileAnswer) -> BilingualText? {
        if case .refused(let why) = answer { why } else { nil }
    }

    @Test("five verdicts: what is infected or could not be looked at is not kept, and the reviewer is told of the rest")
    func verdicts() async throws {
        let scan = try DrawnPicture.jpeg(width: 300, height: 200) { x, y in (UInt8(x % 251), UInt8(y), UInt8(x % 7)) }
        let (one, other) = (FakeScanner.State(), FakeScanner.State())
        let both = [FakeScanner(one), FakeScanner(other)]
        var found = try await answers(both, scan)
        #expect(refusal(found.answer) == nil && found.kept == .clean)
        #expect(one.seen.withLock { $0 } == scan && other.seen.withLock { $0 } == scan)
        // The worst of both counts.
        other.verdict.withLock { $0 = .notFullyScanned(reason: "limits") }
        found = try await answers(both, scan)
        #expect(refusal(found.answer) == nil && found.kept == .notFullyScanned)
        one.verdict.withLock { $0 = .failed(reason: "away") }
        found = try await answers(both, scan)
        #expect(refusal(found.answer)?.zh.contains("过几分钟再上传") == true && found.kept == nil)
        other.verdict.withLock { $0 = .infected("Made.Up") }
        found = try await answers(both, scan)
        #expect(refusal(found.answer)?.en.contains("infected (Made.Up)") == true && found.kept == nil)
        found = try await answers([], scan)
        #expect(refusal(found.answer) == nil && found.kept == .noScanner)
    }
}
