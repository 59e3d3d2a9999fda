import Foundation
import PluginKit
import SurveillanceKit

/// A notice as a mail: plain text and HTML in both languages, in pure ASCII.
///
/// Source: RFC 5322, RFC 2045–2047, RFC 2046 (multipart/alternative), RFC 3834 (Auto-Submitted).
struct MailMessage {
    var message: OutgoingNotice
    var sender: String
    var senderName: String

    private var domain: Substring { sender.drop { $0 != "@" }.dropFirst() }

    /// The whole mail; its Message-ID is the message's own id, so that a repetition is known.
    var bytes: [UInt8] {
        let notice = message.notice
        let boundary = "=_\(message.id)"
        let head = [
            "Date: \(Self.date(message.now))",
            "From: \(Self.header(senderName, after: 6)) <\(sender)>",
            "To: <\(message.address)>",
            "Subject: \(Self.header("\(notice.title.zh) · \(notice.title.en)", after: 9))",
            "Message-ID: <\(message.id)@\(domain)>",
            "MIME-Version: 1.0",
            "Auto-Submitted: auto-generated",
            "Content-Language: zh, en",
            "Content-Type: multipart/alternative;", " boundary=\"\(boundary)\"",
            "",
        ]
        let parts = [("plain", plain), ("html", html)].flatMap { type, text in
            [
                "--\(boundary)", "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: base64", "",
                Self.base64(text),
            ]
        }
        return Array((head + parts + ["--\(boundary)--", ""]).joined(separator: "\r\n").utf8)
    }

    private var plain: String {
        "\(message.notice.text.zh)\r\n\r\n\(message.notice.text.en)\r\n\r\n-- \r\n\(senderName)\r\n"
    }

    private var html: String {
        func paragraph(_ text: String, _ language: String) -> String {
            "<p lang=\"\(language)\">\(Self.escaped(text))</p>"
        }
        let notice = message.notice
        return """
            <!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>\(Self.escaped(notice.title.zh))</title></head>\
            <body>\(paragraph(notice.text.zh, "zh-CN"))\(paragraph(notice.text.en, "en"))</body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString(options: [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ])
    }

    /// A header's text as encoded words of at most 75 characters, each of whole characters, folded between them.
    ///
    /// - Parameter column: how many characters of the first line are taken.
    static func header(_ text: String, after column: Int) -> String {
        let clean = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        var words: [[UInt8]] = [[]]
        // 75 less `=?UTF-8?B?` and `?=` are 63 characters of base64 for 45 bytes; the first line has less room.
        for character in clean {
            let bytes = Array(String(character).utf8)
            let room = words.count == 1 ? 45 - column : 45
            if (words.last?.count ?? 0) + bytes.count > room { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// `Sun, 01 Mar 2026 17:00:00 +0800`: China's time, whatever the machine's zone is.
    static func date(_ instant: Instant) -> String {
        let east: Int64 = 8 * 3600
        let seconds = instant.seconds + east
        let day = CivilDate(daysSince1970: Int((seconds - (seconds % 86_400 + 86_400) % 86_400) / 86_400))
        let (year, month, number) = day.yearMonthDay
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][day.weekday - 1]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = instant.civil(secondsEastOfUTC: Int(east)).suffix(8)
        return "\(weekday), \(number < 10 ? "0" : "")\(number) \(months[month - 1]) \(year) \(time) +0800"
    }
}
