import Accounts
import SurveillanceKit

/// What stands on every page while programs are set aside: administrators see the mistakes, others whom to ask.
struct SetAsideBanner {
    var programs: [SetAsideProgram]

    @HTMLBuilder func html(_ reader: Reader) -> HTML {
        for program in programs {
            div(.class("note bad"), .role("alert")) {
                p {
                    strong(
                        text: reader.say(
                            "监测项目“\(program.name.zh)”暂停接收", "The program '\(program.name.en)' is set aside"))
                }
                if mayMend(reader) {
                    p(
                        text: reader.say(
                            "它的文件夹有 \(program.mistakes.count) 处错误，其他项目照常运行。改正后重新启动服务，再把退回的上报重新处理：",
                            "Its folder has \(program.mistakes.count.counted("mistake")); the other programs run. Correct the folder, start the server anew, then have the refused submissions processed again:"
                        ))
                    ul {
                        for mistake in program.mistakes {
                            li {
                                code(text: mistake.place)
                                " \(reader.say(mistake.message))"
                            }
                        }
                    }
                } else {
                    p(
                        text: reader.say(
                            "它的文件（\(files(program))）目前不检查、不入库，其他项目照常。请联系平台管理员；恢复后由管理员重新处理，无需修改文件。",
                            "Its files (\(files(program))) are neither checked nor stored at present; other programs run as usual. Ask the platform's administrator, who can have them processed again later; the files need no change."
                        ))
                }
            }
        }
    }

    private func files(_ program: SetAsideProgram) -> String {
        program.fileTypes.map { "\($0)_….csv" }.joined(separator: " ")
    }

    private func mayMend(_ reader: Reader) -> Bool {
        reader.account.map { $0.role == .platform || $0.role == .national } ?? false
    }
}
