import Foundation
import HTTPServer
import JSON
import PluginKit
import Settings
import SurveillanceKit
import Synchronization
import Testing
import Validation

@testable import NotifyWebhook

@Suite("Webhook")
struct WebhookTests {
    private static let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "hook-\(UUID().uuidString)")
    private static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Samples")

    private static func write(_ text: String, mode: Int = 0o600) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        return file.path
    }

    private static func notifier(_ description: String, secret: String? = FakeSMSGateway.secret) throws
        -> WebhookNotifier
    {
        var members: [String: SettingsValue] = ["gateway": .string(try write(description))]
        if let secret { members["secretFile"] = .string(try write(secret)) }
        let object = SettingsObject(members, file: "vedette.json", place: "plugins.notify.webhook")
        return try WebhookNotifier(PluginSettings(object, declared: WebhookNotifier.settings, folder: folder.path))
    }

    /// A sample as it is delivered, with its address turned to loopback.
    private static func sample(_ name: String, port: Int) throws -> WebhookNotifier {
        let text = try String(contentsOf: samples.appendingPathComponent(name), encoding: .utf8)
        return try notifier(
            text.replacing(#/"url": "https:\/\/[^"]*"/#, with: "\"url\": \"http://127.0.0.1:\(port)/\""))
    }

    private static func message(_ kind: NoticeKind = .missed) throws -> OutgoingNotice {
        let day = try #require(CivilDate(year: 2026, month: 3, day: 1))
        let subject = NoticeSubject(
            program: "fever-clinic", programTitle: BilingualText(zh: "发热\"门诊\"\\", en: "Fever clinics"),
            institution: "H001", institutionName: BilingualText(zh: "示例医院", en: "Example Hospital"), rule: "daily",
            days: day...day, dueAt: Instant(seconds: 1_772_355_600), zone: "Asia/Shanghai", secondsEastOfUTC: 28_800)
        let now = Instant(seconds: 1_772_355_600)
        let notice: Notice =
            switch kind {
            case .feedSilent: .feedSilent(subject, rows: 3, usual: 120, at: now)
            case .reminder: .reminder(of: subject, at: now)
            case .backInOrder: .backInOrder(subject, at: now)
            default: .missed(subject, at: now)
            }
        return OutgoingNotice(
            id: String(repeating: "a1b2c3d4", count: 4), notice: notice, address: "+8613800000000", now: now)
    }

    @Test("Tencent's gateway gets a signed request with the template's variables by position")
    func tencent() async throws {
        let gateway = FakeSMSGateway(.tencent)
        try await gateway.serving { port in
            let notifier = try Self.sample("sms-tencent.json", port: port)
            try notifier.deliver(Self.message())
            try notifier.deliver(Self.message(.feedSilent))
            #expect(notifier.whenUnsure == .hold && notifier.contact == .phone)
        }
        let bodies = try gateway.requests.withLock { $0 }.map { try JSONDocument(Array($0.body.utf8)).root }
        #expect(bodies.count == 2)
        func text(_ node: JSONNode?) -> String? { if case .string(let text)? = node?.content { text } else { nil } }
        #expect(text(bodies[0]["TemplateId"]) == "1000002" && text(bodies[0]["PhoneNumberSet"]?[0]) == "+8613800000000")
        let first = bodies[0]["TemplateParamSet"]
        #expect((0..<3).map { text(first?[$0]) } == ["发热\"门诊\"\\", "2026-03-01", "2026-03-01 17:00 (Asia/Shanghai)"])
        #expect(text(bodies[1]["TemplateId"]) == "1000004")
        #expect((1..<4).map { text(bodies[1]["TemplateParamSet"]?[$0]) } == ["2026-03-01", "3", "120"])
    }

    @Test("Alibaba's gateway gets a signed request with the template's variables by name")
    func alibaba() async throws {
        let gateway = FakeSMSGateway(.aliyun)
        try await gateway.serving { port in try Self.sample("sms-aliyun.json", port: port).deliver(Self.message()) }
        let query = try #require(gateway.requests.withLock { $0.first?.head.query })
        #expect(query["TemplateCode"] == "SMS_100000002" && query["PhoneNumbers"] == "+8613800000000")
        #expect(query["OutId"] == String(repeating: "a1b2c3d4", count: 4))
        let variables = try JSONDocument(Array((query["TemplateParam"] ?? "").utf8)).root
        #expect(
            String(describing: variables["program"]?.content)
                == String(describing: JSONNode.Content?.some(.string("发热\"门诊\"\\"))))
    }

    @Test(
        "another secret is refused with the gateway's own code and without a phone number; what is final is not tried again",
        arguments: ["sms-tencent.json", "sms-aliyun.json"])
    func wrongSecret(name: String) async throws {
        let isTencent = name.contains("tencent")
        let gateway = FakeSMSGateway(isTencent ? .tencent : .aliyun)
        try await gateway.serving { port in
            let text = try String(contentsOf: Self.samples.appendingPathComponent(name), encoding: .utf8)
            let notifier = try Self.notifier(
                text.replacing(#/"url": "https:\/\/[^"]*"/#, with: "\"url\": \"http://127.0.0.1:\(port)/\""),
                secret: "another")
            let error = try #require(throws: NotTaken.self) { try notifier.deliver(Self.message()) }
            #expect(error.reason.en.contains(isTencent ? "AuthFailure.SignatureFailure" : "SignatureDoesNotMatch"))
            #expect(!error.isFinal && !error.reason.en.contains("138") && !error.reason.en.contains("another"))
            gateway.answers.withLock {
                $0 = [
                    (
                        200,
                        isTencent
                            ? #"{"Response":{"SendStatusSet":[{"Code":"InvalidParameterValue.IncorrectPhoneNumber"}]}}"#
                            : #"{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}"#
                    )
                ]
            }
            #expect(try #require(throws: NotTaken.self) { try notifier.deliver(Self.message()) }.isFinal)
        }
    }

    private static func own(_ port: Int, _ more: String = "") -> String {
        """
        {
          "url": "http://127.0.0.1:\(port)/",
          "json": { "id": "{id}", "to": "{address}", "text": "{text}", "n": 1 },
          "taken": { "path": "ok", "equals": "true" },
          "signer": { "name": "hmac-sha256" }\(more)
        }
        """
    }

    @Test(
        "a gateway of one's own is sent a signed request; of an answer that says nothing nobody knows, and it is asked or told again only where it can be"
    )
    func own() async throws {
        let gateway = FakeSMSGateway(.own)
        try await gateway.serving { port in
            let plain = try Self.notifier(Self.own(port))
            try plain.deliver(Self.message())
            #expect(plain.whenUnsure == .hold)
            #expect(try Self.notifier(Self.own(port, ", \"idempotent\": true")).whenUnsure == .tellAgain)
            for (status, body) in [
                (503, "busy"), (200, "<html>"), (200, "{}"),
                (200, String(repeating: " ", count: 2 << 20) + #"{"ok":true}"#), (503, #"{"ok":true}"#),
            ] {
                gateway.answers.withLock { $0 = [(status, body)] }
                #expect(throws: Unanswered.self, "\(status) \(body.prefix(40))") { try plain.deliver(Self.message()) }
            }
            for (status, body) in [(400, "no"), (200, #"{"ok":false}"#), (503, #"{"ok":false}"#)] {
                gateway.answers.withLock { $0 = [(status, body)] }
                #expect(throws: NotTaken.self, "\(status) \(body)") { try plain.deliver(Self.message()) }
            }
            let asked = try Self.notifier(
                Self.own(
                    port,
                    """
                    , "status": { "url": "http://127.0.0.1:\(port)/status", "query": { "id": "{id}" }, "taken": { "path": "state", "equals": "sent" } }
                    """))
            #expect(asked.whenUnsure == .ask)
            for (status, body, expected) in [
                (200, #"{"state":"sent"}"#, true), (200, #"{"state":"unknown"}"#, false), (404, "", false),
                (503, "", nil), (200, "?", nil),
            ] as [(Int, String, Bool?)] {
                gateway.answers.withLock { $0 = [(status, body)] }
                if let expected {
                    #expect(try asked.wasTaken(Self.message()) == expected)
                } else {
                    #expect(throws: Unanswered.self) { try asked.wasTaken(Self.message()) }
                }
            }
        }
        let last = gateway.requests.withLock { $0.last?.head }
        #expect(last?.path == "/status" && last?.query["id"] == String(repeating: "a1b2c3d4", count: 4))
        // Nobody listens: surely not taken.
        #expect(throws: NotTaken.self) { try Self.notifier(Self.own(1)).deliver(Self.message()) }
    }

    @Test("a kind that the description does not have is undeliverable, and says so")
    func otherKind() throws {
        let notifier = try Self.notifier(Self.own(1, ", \"kinds\": { \"reminder\": {} }"))
        let error = try #require(throws: NotTaken.self) { try notifier.deliver(Self.message(.missed)) }
        #expect(error.isFinal && error.reason.en.contains("'missed'"))
    }

    @Test(
        "what cannot be used is refused with file and line",
        arguments: [
            (#""urls": """#, "unknown property 'urls'"), (#""url": "sms.example""#, "'url' must be an address"),
            (#""url": "http://sms.example/""#, "'url' is not https"),
            (#""url": "https://u:p@sms.example/""#, "'url' must be"),
            (#""method": "PUT""#, "'method' is 'PUT'"), (#""json": { "a": "{addres}" }"#, "no variable '{addres}'"),
            (#""json": { "a": "{rows}" }"#, "no variable '{rows}'"),
            (#""json": { "a": "{address" }"#, "without its '}'"),
            (#""json": "{address}", "form": {}"#, "only one of json and form"),
            (#""headers": { "a b": "" }"#, "no name of a header"),
            (#""kinds": { "mised": {} }"#, "unknown property 'mised'"),
            (#""kinds": { "missed": { "variables": ["{rows}"] } }"#, "no variable '{rows}'"),
            (#""taken": { "path": "a..b", "equals": "1" }"#, "is no path"),
            (#""taken": { "path": "a[x]", "equals": "1" }"#, "is no path"),
            (#""signer": { "name": "md5" }"#, "known are acs3, hmac-sha256, none, tc3"),
            (#""signer": { "name": "tc3", "keyID": "a" }"#, "'service' is missing"),
            (#""json": {}"#, "holds {address}"), (#""idempotent": true"#, "holds {id}"),
            (#""status": { "url": "https://other.example/", "query": {}, "taken": {} }"#, "the same server"),
            (#""address": "pigeon""#, "known are mail, none, phone"),
        ])
    func refusals(text: String, reason: String) throws {
        let standard = [
            ("url", #""url": "https://sms.example/""#), ("json", #""json": { "to": "{address}" }"#),
            ("taken", #""taken": { "path": "ok", "equals": "true" }"#),
        ].filter { !text.hasPrefix("\"\($0.0)\":") }
        let lines = [text] + standard.map(\.1)
        let error = try #require(throws: ProgramError.self) {
            try Self.notifier("{\n" + lines.joined(separator: ",\n") + "\n}")
        }
        #expect(error.description.contains(reason), "\(error)")
        #expect(error.description.contains(".json:2: "), "\(error)")
    }

    @Test("a secret that is missing, or that others may read, is refused without being shown")
    func secrets() throws {
        let signed = Self.own(1)
        #expect(
            try #require(throws: ProgramError.self) { try Self.notifier(signed, secret: nil) }.description.contains(
                "secretFile"))
        let object = SettingsObject(
            [
                "gateway": .string(try Self.write(signed)),
                "secretFile": .string(try Self.write(FakeSMSGateway.secret, mode: 0o640)),
            ], file: "vedette.json", place: "plugins.notify.webhook")
        let error = try #require(throws: ProgramError.self) {
            try WebhookNotifier(PluginSettings(object, declared: WebhookNotifier.settings, folder: "/"))
        }
        #expect(error.description.contains("others may read the file") && !error.description.contains("sock7"))
    }

    @Test("no value can add a line to the head of a request")
    func heads() async throws {
        let gateway = FakeSMSGateway(.own)
        try await gateway.serving { port in
            let notifier = try Self.notifier(
                Self.own(port, ", \"headers\": { \"X-Text\": \"{programTitle}\", \"X-Key\": \"Bearer {secret}\" }"))
            var message = try Self.message()
            message.notice.values["programTitle"] = "a\r\nX-Evil: 1"
            try notifier.deliver(message)
        }
        let headers = try #require(gateway.requests.withLock { $0.first?.head.headers })
        #expect(
            headers["X-Evil"] == nil && headers["X-Text"] == "aX-Evil: 1" && headers["X-Key"] == "Bearer pear-sock7")
    }
}
