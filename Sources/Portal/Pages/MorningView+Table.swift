import Reporting
import SurveillanceKit
import Timeliness

extension MorningView {
    /// What the page says, a number a row.
    func table(_ language: Language) -> ExportTable {
        func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }
        var rows: [[String]] = []
        for program in programs {
            let counts = counts(of: program)
            guard counts.total > 0 else { continue }
            rows.append([program.title[language], say("应报", "To report"), "", "\(counts.total)"])
            for state in MorningView.states {
                rows.append([program.title[language], state.title[language], "", "\(counts[state])"])
            }
        }
        rows.append([
            "", say("待处理", "Open"), open.isAtLeast ? say("至少", "At least") : "", "\(open.count)",
        ])
        for feed in silent {
            rows.append([
                programs.first { $0.id == feed.program }?.title[language] ?? feed.program,
                say("数据中断", "Silent feed"),
                institutionName(feed.institution)?[language] ?? feed.institution, "",
            ])
        }
        for move in moves {
            for (week, figure) in [
                (say("此前一周", "The week before"), move.last), (say("再前一周", "The week before that"), move.former),
            ] {
                rows.append([
                    move.program.title[language], move.series.indicator.title[language], week,
                    figure.text(decimals: FigureView(series: move.series).decimals)[language],
                ])
            }
        }
        for reason in reasons {
            rows.append([
                reason.finding.fileType ?? "", say("退回原因", "Why rows were rejected"), reason.finding.message[language],
                "\(reason.count)",
            ])
        }
        return ExportTable(
            title: BilingualText(zh: "\(day) 概况", en: "Overview of \(day)"),
            columns: [("监测项目", "Program"), ("内容", "What"), ("说明", "Note"), ("数值", "Number")], rows: rows)
    }
}
