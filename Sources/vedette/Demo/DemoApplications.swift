import Accounts
import CoreRuntime
import Documents
import Registrations
import SurveillanceKit

/// Applications of the demo: one that waits for its reviewer, and one that was refused.
enum DemoApplications {
    static let reviewer = "reviewer"

    static func add(to platform: Platform) async throws {
        guard let waiting = PhoneNumber("13800000001"), let refused = PhoneNumber("13800000002") else { return }
        let scan = try scan()
        try await platform.addMadeUpApplication(
            waiting,
            ApplicationForm([
                .name: "演示县中医医院", .nameEnglish: "Yanshi County Hospital of Chinese Medicine",
                .code: "D2143569X430181" + "11A2101",
                .region: "430181", .address: "湖南省演示县示例路 1 号", .level: "二级", .category: "综合", .feverClinic: "true",
                .legalName: "示例甲", .managerName: "示例乙", .managerPhone: waiting.national,
                .managerMail: "waiting@example.org", .department: "信息科",
            ]), scan: scan, reviewer: reviewer)
        try await platform.addMadeUpApplication(
            refused,
            ApplicationForm([
                .name: "演示区妇幼保健院", .code: "642064233430202" + "11G1001", .region: "430202",
                .address: "湖南省演示市演示区样例街 2 号",
                .level: "未定级", .category: "妇幼保健", .legalName: "示例丙", .managerName: "示例丁",
                .managerPhone: refused.national, .managerMail: "refused@example.org",
            ]), scan: scan,
            refusal: Refusal(
                reasons: [
                    .init(subject: ApplicationField.address.rawValue, reason: .differsFromScan),
                    .init(subject: ApplicationFile.Kind.agreement.rawValue, reason: .notStamped),
                ], remark: "请补盖公章后重新上传。"), reviewer: reviewer)
    }

    /// A sheet of paper with lines of text and a red stamp.
    private static func scan() throws -> [UInt8] {
        try DrawnPicture.jpeg(width: 620, height: 877) { x, y in
            let (across, down) = (x - 430, y - 690)
            let distance = across * across + down * down
            let isStamp = (78 * 78...86 * 86).contains(distance) || distance < 14 * 14
            if isStamp { return (200, 40, 40) }
            let isLine = y > 90 && y < 780 && y % 34 < 6 && x > 70 && x < 550 - (y * 7) % 190
            let isTitle = (40...62).contains(y) && (180...440).contains(x)
            return isLine || isTitle ? (120, 124, 130) : (250, 250, 247)
        }
    }
}
