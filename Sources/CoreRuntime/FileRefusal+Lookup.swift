import ProgramFiles
import SurveillanceKit
import Validation

extension FileRefusal {
    /// What the sender of a file is told whose program is known and does not take it; nil where it takes it, or none is known.
    init?(_ answer: FileTypeLookup) {
        switch answer {
        case .known, .unknown: return nil
        case .early(let type):
            let program = type.program
            self.init(
                program: program.id, fileType: type.id, code: .programNotStarted,
                message: BilingualText(
                    zh: "“\(program.title.zh)”自 \(program.effectiveFrom) 起接收上报；这份文件在此之前收到，请从那天起上报",
                    en:
                        "\(program.title.en) takes reports from \(program.effectiveFrom) on; this file was received before that day, send it from then on"
                ))
        case .setAside(let program, let fileType):
            self.init(
                program: program.id, fileType: fileType, code: .programSetAside,
                message: BilingualText(
                    zh: "监测项目“\(program.name.zh)”的配置有错误，目前暂停接收；文件没有被检查，内容没有问题也无需修改。请联系平台管理员，恢复后由管理员重新处理",
                    en:
                        "the program '\(program.name.en)' is set aside at present because its configuration has mistakes; this file was not checked and needs no change. Ask the platform's administrator, who can have it processed again once the program runs"
                ))
        }
    }
}
