import SurveillanceKit

/// A program of `docs/clients/` that a hospital takes as it is and runs every day.
struct ReferenceClient: Sendable {
    /// What it is called in `docs/clients/` and as a download.
    let name: String
    let bytes: [UInt8]
    /// What it runs on.
    let needs: BilingualText
    let mediaType = "text/plain; charset=utf-8"

    static let all = [
        ReferenceClient(
            name: "send.sh", bytes: bytes(of: shellClientText),
            needs: BilingualText(zh: "Linux：bash、curl 7.29 及以上", en: "Linux: bash, curl 7.29 or later")),
        ReferenceClient(
            name: "send.py", bytes: bytes(of: pythonClientText),
            needs: BilingualText(
                zh: "Linux 或 Windows：Python 3.6 及以上，只用标准库",
                en: "Linux or Windows: Python 3.6 or later, the standard library alone")),
        ReferenceClient(
            name: "send.ps1", bytes: windowsBytes(of: powerShellClientText),
            needs: BilingualText(
                zh: "Windows：自带的 PowerShell 5.1。平台的自动测试不运行它，启用前请用 --check 试一次",
                en:
                    "Windows: the PowerShell 5.1 that is part of it. The platform's tests do not run this one: try --check first"
            )),
    ]

    private static func bytes(of text: StaticString) -> [UInt8] {
        text.withUTF8Buffer { Array($0) + [0x0A] }
    }

    /// With a byte-order mark and CRLF: PowerShell 5.1 reads a script without the mark in the machine's own code page.
    private static func windowsBytes(of text: StaticString) -> [UInt8] {
        [0xEF, 0xBB, 0xBF] + bytes(of: text).flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
    }
}
