import Foundation
import ShangMi
import SurveillanceKit

/// `vedette sign-in`: proves a sign-in with the key of an SM2 certificate.
enum SignInCommand: Command {
    static let name = "sign-in"
    static let summary = BilingualText(zh: "用 SM2 私钥对登录挑战码签名", en: "sign a sign-in's challenge with an SM2 key")
    static let manual = Manual(
        usage: [
            .init(
                "vedette sign-in sign --key FILE [--in FILE] [CHALLENGE]",
                BilingualText(zh: "输出签名（Base64），粘贴到登录页", en: "prints the signature in base64, for the page"))
        ],
        text: [
            BilingualText(
                zh: "挑战码见登录页，作为参数给出，或用 --in 给出下载的文件（- 为标准输入）。不需要服务器，也不连接网络。",
                en:
                    "The sign-in page shows the challenge: give it as it is, or with --in the file that was downloaded (- is standard input). It needs no server and no network."
            ),
            BilingualText(
                zh: "私钥文件为不带密码的 PEM（EC PRIVATE KEY 或 PRIVATE KEY）。USB Key 用其自带工具签名：SM2 与 SM3，用户标识 1234567812345678。",
                en:
                    "The key is PEM without a password (EC PRIVATE KEY or PRIVATE KEY). A USB key signs with its own tool: SM2 with SM3, user id 1234567812345678."
            ),
        ],
        options: [
            .init("--key", "FILE", zh: "私钥文件", en: "the private key"),
            .init("--in", "FILE", zh: "挑战码文件；- 为标准输入", en: "the challenge as a file; - is standard input"),
        ], exit: BilingualText(zh: "0 已签名，2 无法运行", en: "0 signed, 2 could not run"))

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(words, manual)
        guard arguments.operands.first == "sign", arguments.operands.count <= 2 else {
            throw UsageError("应为 sign-in sign --key FILE [CHALLENGE]", "write sign-in sign --key FILE [CHALLENGE]")
        }
        guard let file = arguments.value("--key") else {
            throw UsageError("请用 --key 给出私钥文件", "give the private key with --key")
        }
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw UsageError("无法读取私钥文件 \(file)", "the key \(file) cannot be read")
        }
        guard let key = try SM2PrivateKey(pem: text) else {
            throw UsageError(
                "\(file) 不是不带密码的 SM2 私钥（PEM）；带密码的请先解密",
                "\(file) is no SM2 key in PEM without a password; decrypt one that has a password first")
        }
        let challenge = try challenge(arguments)
        print(Data(try key.sign(Array(challenge.utf8)).der).base64EncodedString())
        return 0
    }

    private static func challenge(_ arguments: Arguments) throws -> String {
        let given: String?
        switch (arguments.operands.dropFirst().first, arguments.value("--in")) {
        case (let text?, nil): given = text
        case (nil, "-"?): given = readLine()
        case (nil, let file?): given = try? String(contentsOfFile: file, encoding: .utf8)
        default:
            throw UsageError(
                "请给出挑战码：作为参数，或用 --in FILE", "give the challenge, as it is or with --in FILE, and one of them alone")
        }
        let text = (given ?? "").trimmed
        // Whoever is asked to sign something else must not do so unawares.
        guard text.hasPrefix("vedette-sign-in:"), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw UsageError(
                "这不是登录挑战码：应以 vedette-sign-in: 开头", "that is no sign-in's challenge: one begins with vedette-sign-in:")
        }
        return text
    }
}
