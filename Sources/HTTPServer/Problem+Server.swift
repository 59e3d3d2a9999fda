import JSON
import SurveillanceKit

/// The problems that the server itself finds, before any handler is asked.
extension Problem {
    static func badRequest(_ detail: BilingualText) -> Problem {
        Problem(
            "bad-request", status: .badRequest,
            title: BilingualText(zh: "请求无法理解", en: "The request cannot be understood"),
            detail: detail)
    }

    static func notFound(_ path: String) -> Problem {
        Problem(
            "not-found", status: .notFound, title: BilingualText(zh: "没有这个地址", en: "There is nothing at this address"),
            detail: BilingualText(
                zh: "请检查地址是否正确，或从首页重新进入。", en: "Check the address, or start again from the front page."),
            instance: path)
    }

    static func methodNotAllowed(_ method: String, allowed: String) -> Problem {
        Problem(
            "method-not-allowed", status: .methodNotAllowed,
            title: BilingualText(zh: "此地址不支持 \(method)", en: "\(method) is not possible here"),
            detail: BilingualText(zh: "可用的方法：\(allowed)。", en: "What is possible: \(allowed)."),
            headers: ["Allow": allowed])
    }

    static func contentTooLarge(maximumBytes: Int) -> Problem {
        let (amount, zh, en) =
            maximumBytes >= 1 << 20 ? (maximumBytes >> 20, "MB", "MB") : (maximumBytes, "字节", "bytes")
        return Problem(
            "content-too-large", status: .contentTooLarge,
            title: BilingualText(zh: "发送的内容过大", en: "The request's body is too large"),
            detail: BilingualText(
                zh: "此处最多接收 \(amount) \(zh)。请拆分或压缩后重新发送。",
                en: "At most \(amount) \(en) are taken here. Split or compress it and send it again."),
            members: [("maximumBytes", .integer(maximumBytes))])
    }

    static var uriTooLong: Problem {
        Problem(
            "uri-too-long", status: .uriTooLong, title: BilingualText(zh: "地址过长", en: "The address is too long"))
    }

    static func headTooLarge(maximumBytes: Int) -> Problem {
        Problem(
            "head-too-large", status: .headerFieldsTooLarge,
            title: BilingualText(zh: "请求头过大", en: "The request's header fields are too large"),
            detail: BilingualText(
                zh: "请求头最多 \(maximumBytes) 字节。", en: "A request's head may have at most \(maximumBytes) bytes."))
    }

    static var expectationFailed: Problem {
        Problem(
            "expectation-failed", status: .expectationFailed,
            title: BilingualText(zh: "不支持请求中的 Expect", en: "This Expect is not supported"),
            detail: BilingualText(zh: "只支持 100-continue。", en: "Only 100-continue is."))
    }

    static var tooSlow: Problem {
        Problem(
            "too-slow", status: .requestTimeout, title: BilingualText(zh: "发送过慢", en: "The request came too slowly"),
            detail: BilingualText(
                zh: "连接已关闭，请检查网络后重新发送。", en: "The connection is closed. Check the network and send it again."))
    }

    static var stopping: Problem {
        Problem(
            "stopping", status: .serviceUnavailable, title: BilingualText(zh: "服务正在停止", en: "The server is stopping"),
            detail: BilingualText(zh: "请稍后重新发送。", en: "Send the request again in a moment."),
            headers: ["Retry-After": "10"])
    }

    static var internalError: Problem {
        Problem(
            "internal-error", status: .internalServerError,
            title: BilingualText(zh: "服务器出错", en: "The server made a mistake"),
            detail: BilingualText(
                zh: "问题已记录。请稍后再试；若仍然失败，请把请求编号告诉管理员。",
                en: "It has been logged. Try again later; if it fails again, tell the administrator the request's id."))
    }
}
