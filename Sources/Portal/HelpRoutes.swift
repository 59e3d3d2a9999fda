import HTTPServer
import SurveillanceKit

/// The help, for everybody who reaches the server: it says nothing of any institution.
struct HelpRoutes: Sendable {
    let services: any ReferenceServices
    let visitors: Visitors

    var routes: [Route] {
        [
            page("/help") { request, reader in
                HelpPage(programs: reader.session == nil ? [] : services.programs, search: request.query["q"] ?? "")
                    .page(reader)
            },
            page("/help/guide") { _, reader in
                HelpDocumentPage(
                    title: BilingualText(zh: "医院数据管理员指南", en: "A guide for hospitals"), name: "guide",
                    content: HelpBook.guide(reader.language)
                ).page(reader)
            },
            page("/help/agent") { _, reader in
                HelpDocumentPage(
                    title: BilingualText(zh: "前置机使用手册", en: "Agent guide"), name: "agent",
                    content: HelpBook.agent(reader.language)
                ).page(reader)
            },
            page("/help/findings") { _, reader in
                HelpDocumentPage(
                    title: BilingualText(zh: "问题类别及改正方法", en: "Findings and how to mend them"), name: "findings",
                    content: HelpBook.findings
                ).page(reader)
            },
        ]
    }

    private func page(_ pattern: String, _ content: @escaping @Sendable (Request, Reader) -> Page) -> Route {
        .get(pattern) { request in
            let reader = visitors.reader(request.head, try await visitors.session(request.head))
            var response = content(request, reader).response(for: reader)
            response.keepLanguage(of: request.head)
            return response
        }
    }
}
