import Dictionaries
import SurveillanceKit

/// What a table of codes would mean for the rows that are stored, with the button that puts it to use.
struct CodeImpactView {
    var preview: CodePreview

    func view(_ reader: Reader) -> HTML {
        let (table, impact) = (preview.table, preview.impact)
        return section(.class("card"), .id("impact"), .role("status")) {
            h2(text: reader.say("启用后的影响", "What it would change"))
            p {
                reader.say(
                    "编码 \(reader.number(table.rows)) 行，使用期限 \(table.days.lowerBound) 至 \(table.days.upperBound)。尚未启用。",
                    "\(reader.number(table.rows)) codes, in use from \(table.days.lowerBound) to \(table.days.upperBound). It is not in use yet."
                )
            }
            for warning in preview.warnings { p(text: reader.say(warning)) }
            dl(.class("facts")) {
                dt(text: reader.say("核对范围", "Looked at"))
                dd {
                    reader.say(
                        "\(impact.days.lowerBound) 至 \(impact.days.upperBound) 已入库、填有该类编码的 \(reader.number(impact.rows)) 行",
                        "\(reader.number(impact.rows)) stored rows with such codes, \(impact.days.lowerBound) to \(impact.days.upperBound)"
                    )
                }
                dt(text: reader.say("不再提醒", "No longer warned of"))
                dd(text: reader.say("\(reader.number(impact.cleared)) 行", reader.number(impact.cleared)))
                dt(text: reader.say("新增提醒", "Newly warned of"))
                dd(text: reader.say("\(reader.number(impact.warned)) 行", reader.number(impact.warned)))
                if impact.rejected > 0 {
                    dt(text: reader.say("再次上报时将退回", "Rejected when sent again"))
                    dd(text: reader.say("\(reader.number(impact.rejected)) 行", reader.number(impact.rejected)))
                }
            }
            codes(impact.missing, reader.say("不在新编码表中的编码（按使用次数）", "Codes that are not in it, by use"), reader)
            codes(
                impact.unmapped, reader.say("没有对应国家编码的编码（按使用次数）", "Codes that stand for no national one, by use"),
                reader)
            form(.post, .action(SitePath("dictionaries", table.category, table.id, "confirm"))) {
                formToken(reader)
                p(.class("submit")) { button(.type("submit"), text: reader.say("启用这个编码表", "Put it to use")) }
            }
        }
    }

    private func codes(_ codes: [CodeImpact.Used], _ title: String, _ reader: Reader) -> HTML {
        guard !codes.isEmpty else { return .empty }
        return HTML(joining: [
            h3(text: title),
            ul {
                for used in codes {
                    li {
                        code(text: used.code)
                        reader.say("　\(reader.number(used.rows)) 行", " · \(used.rows.counted("row"))")
                    }
                }
            },
        ])
    }
}
