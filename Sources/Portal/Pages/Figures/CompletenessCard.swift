import HTTPServer
import Reporting
import SurveillanceKit

/// How far the last days have been reported, and what belongs to no day.
struct CompletenessCard {
    var completeness: Completeness

    func html(_ reader: Reader) -> HTML {
        let (day, records, usual) = (
            reader.say("日期", "Day"), reader.say("已收到的记录", "Records so far"),
            reader.say("通常此时已收到", "Usually known by now")
        )
        return section(.class("card tablecard")) {
            h2(text: reader.say("数据完整性", "Completeness"))
            p(
                .class("hint"),
                text: reader.say(
                    "最近 \(Completeness.dayCount) 天的全部记录。比例由过去 8 周学得：某日的记录有多少在这么多天后已经收到。",
                    "All records of the last \(Completeness.dayCount) days. The share is learned from the past 8 weeks: how much of a day's records is known after so many days."
                ))
            div(.class("scroll")) {
                table(.class("cards")) {
                    thead {
                        tr {
                            th(.scope("col"), text: day)
                            th(.scope("col"), .class("number"), text: records)
                            th(.scope("col"), .class("number"), text: usual)
                        }
                    }
                    tbody {
                        for item in completeness.days {
                            tr {
                                td(.data(.label, day), text: "\(item.day)")
                                td(.data(.label, records), .class("number"), text: "\(item.records)")
                                td(
                                    .data(.label, usual), .class("number"),
                                    text: item.expectedPercent.map { "\($0)%" } ?? "—")
                            }
                        }
                        tr {
                            td(
                                .data(.label, day),
                                text: reader.say("日期为空或不可能", "Day empty or impossible"))
                            td(.data(.label, records), .class("number"), text: "\(completeness.withoutDay)")
                            td(.data(.label, usual), .class("number"), text: "—")
                        }
                    }
                }
            }
        }
    }
}
