import HTTPServer
import SurveillanceKit

/// The programs that report by themselves: the agent, where the server has it, and the reference clients.
struct SendingProgramsView {
    var clients: [(client: ReferenceClient, sm3: String)]
    var agent: AgentFile?

    func card(_ reader: Reader) -> HTML {
        section(.class("card"), .id("clients")) {
            h2(text: reader.say("自动上报程序", "Programs that report by themselves"))
            p {
                reader.say(
                    "装在医院的服务器或前置机上，每天定时上报。先生成一个令牌（账号页，或请平台管理员生成），存入只有该程序能读的文件。",
                    "They run on a server of the hospital and report every day. Make a token first (on the account page, or ask the platform's administrator), and keep it in a file that only the program reads."
                )
            }
            h3(text: reader.say("前置机程序 vedette-agent", "The agent, vedette-agent"))
            agentPart(reader)
            h3(text: reader.say("参考程序", "Reference clients"))
            p(.class("hint")) {
                reader.say(
                    "三个程序的参数相同：发送一个 zip 或几个表格，断网时重试，等待核验结果，保存回执和退回行。也是程序接口的示例，可以改成自己的。用法：",
                    "All three take the same options: they send a zip or several tables, try again when the network fails, wait for the verdict, and save the receipt and the rejected rows. They are examples of the API, too, to be changed as you need. Usage:"
                )
            }
            p {
                code(text: "send.sh --server URL --token-file FILE fever_20261108.csv drug_20261108.csv")
            }
            ul {
                for (client, sm3) in clients {
                    li {
                        a(.href(ClientRoutes.path(of: client)), .download, text: client.name)
                        " · "
                        reader.say(client.needs)
                        digest(client.bytes.count, sm3, reader)
                    }
                }
            }
        }
    }

    private func agentPart(_ reader: Reader) -> HTML {
        guard let agent else {
            return p {
                reader.say(
                    "本服务器未提供前置机程序。请用下面的参考程序，由 cron 或任务计划程序每天运行。",
                    "This server has no agent to download. Use one of the reference clients below, run every day by cron or the task scheduler."
                )
            }
        }
        return ul {
            li { a(.href(SitePath("help", "agent")), text: reader.say("前置机使用手册", "Agent guide")) }
            li {
                a(.href(ClientRoutes.agentPath), .download, text: ClientRoutes.agentName)
                " · "
                agent.isStatic
                    ? reader.say(
                        "Linux（x86-64），单个文件，不需要安装其他软件", "Linux (x86-64), one file that needs no other software")
                    : reader.say(
                        "Linux，需要与本服务器相同的系统库", "Linux, with the same libraries of the system as this server")
                digest(agent.size, agent.sm3, reader)
            }
        }
    }

    private func digest(_ size: Int, _ sm3: String, _ reader: Reader) -> HTML {
        div(.class("hint")) {
            reader.size(size)
            " · SM3 "
            code(.class("long"), text: sm3)
        }
    }
}
