import ProgramFiles
import SurveillanceKit

extension ProgramRegistry {
    /// Tells an operator which programs are set aside, and every mistake with its place.
    func report(_ write: (BilingualText) -> Void) {
        guard !mistakes.isEmpty else { return }
        for program in setAside {
            let count = program.mistakes.count
            write(
                BilingualText(
                    zh: "监测项目已停用：\(program.id) 在改正其文件夹并重启服务器之前不接收上报；共 \(count) 处错误，见下",
                    en:
                        "PROGRAM SET ASIDE: \(program.id) takes no reports until its folder is corrected and the server started anew; \(count.counted("mistake follows", "mistakes follow"))"
                ))
        }
        for mistake in mistakes { write(BilingualText(zh: "  \(mistake.text(.zh))", en: "  \(mistake.text(.en))")) }
    }
}
