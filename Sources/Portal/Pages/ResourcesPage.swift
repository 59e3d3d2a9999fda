import SurveillanceKit

/// What a hospital needs to report, in one place: for each program everything, singly or as one zip, and the guides.
struct ResourcesPage {
    var packs: [ResourcePack]
    /// The reference clients, each with its SM3.
    var clients: [(client: ReferenceClient, sm3: String)]
    /// Nil where the server has none.
    var agent: AgentFile?
    /// Announcements that the account has not read.
    var unread = 0

    func page(_ reader: Reader) -> Page {
        let title = reader.say("资料下载", "Resources")
        return Page(title, path: SitePath("resources"), place: .resources) {
            h1(text: title)
            p(.class("lead")) {
                reader.say(
                    "报什么、按什么格式、用什么代码。以下资料由现行版本的接口定义生成，随版本更新。",
                    "What to send, in which form, with which codes. All of it is made from the definitions that are in force and changes with them."
                )
            }
            div(.class("actions")) {
                a(
                    .class("button plain"), .href(SitePath("resources", "announcements")),
                    text: reader.say("公告", "Announcements"))
                if unread > 0 { span(.class("tag warn"), text: AnnouncementsPage.unread(unread, reader)) }
                a(
                    .class("button plain"), .href(SitePath("resources", "media")),
                    text: reader.say("培训视频和课件", "Videos and slides"))
            }
            guides(reader)
            SendingProgramsView(clients: clients, agent: agent).card(reader)
            for pack in packs { card(pack, reader) }
            SupportView(contacts: reader.support).card(reader)
        }
    }

    private func guides(_ reader: Reader) -> HTML {
        let links: [(SitePath, String)] = [
            (SitePath("apply"), reader.say("账号申请", "Applying for an account")),
            (SitePath("help", "guide"), reader.say("数据管理员指南", "Guide for hospitals")),
            (SitePath("help", "agent"), reader.say("前置机使用手册", "Agent guide")),
            (SitePath("help", "findings"), reader.say("问题及改正方法", "Findings and how to mend them")),
            (SitePath("programs"), reader.say("接口标准：字段、代码、规则", "Interface standard: fields, codes, rules")),
            (SitePath("openapi.json"), reader.say("程序接口描述（OpenAPI）", "Description of the API (OpenAPI)")),
        ]
        return section(.class("card"), .id("guides")) {
            h2(text: reader.say("指南", "Guides"))
            ul { for (path, name) in links { li { a(.href(path), text: name) } } }
        }
    }

    private func card(_ pack: ResourcePack, _ reader: Reader) -> HTML {
        let program = pack.program
        return section(.class("card"), .id(program.id)) {
            h2 { a(.href(SitePath("programs", program.id)), text: reader.say(program.title)) }
            p(.class("hint")) {
                reader.say(
                    "版本 \(program.version)，自 \(program.effectiveFrom) 起执行",
                    "Version \(program.version), in effect from \(program.effectiveFrom)")
            }
            div(.class("actions")) {
                a(
                    .class("button"),
                    .href(SitePath("resources", program.id, "all.zip").with("lang", reader.language.rawValue)),
                    .download, text: reader.say("下载全部（zip）", "Download all (zip)"))
                a(
                    .class("button plain"), .href(SitePath("resources", program.id, "standard")),
                    text: reader.say("接口标准", "Interface standard"))
                a(
                    .class("button plain"),
                    .href(SitePath("resources", program.id, "standard.pdf").with("lang", reader.language.rawValue)),
                    .download, text: reader.say("接口标准（PDF）", "Interface standard (PDF)"))
            }
            for (folder, title) in folders(reader) {
                let own = pack.entries.filter { $0.name.hasPrefix(folder) }
                if !own.isEmpty {
                    details(own.count <= 12 ? .open : nil) {
                        summary(text: reader.say("\(title)（\(own.count)）", "\(title) (\(own.count))"))
                        ul(.class("chips")) {
                            for entry in own {
                                li {
                                    a(
                                        .href(entry.path.with("lang", reader.language.rawValue)), .download,
                                        text: String(entry.name.dropFirst(folder.count)))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func folders(_ reader: Reader) -> [(String, String)] {
        [
            ("templates/", reader.say("文件模板", "Templates of files")),
            ("standard/", reader.say("字段表和规则", "Fields and rules")),
            ("codelists/", reader.say("代码表", "Code lists")),
            ("codes/", reader.say("编码和字典文件的模板", "Templates of code files")),
            ("samples/", reader.say("可以通过核验的示例", "Samples that pass the check")),
        ]
    }
}
