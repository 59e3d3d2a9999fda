import Foundation
import HTTPServer
import SurveillanceKit
import Testing

@testable import Portal

@Suite("A program's pages")
struct ProgramPageTests {
    /// A file type of 90 fields in three groups, the second from F31 and the third from F61 on.
    private static let type: FileType = {
        let sex = CodeList(
            id: "RC1", title: BilingualText(zh: "性别", en: "Sex"),
            entries: [.init(code: "1", meaning: BilingualText(zh: "男", en: "male"))], severity: .error)
        var type = FileType(
            id: "big", title: BilingualText(zh: "大表", en: "Big"),
            fields: (1...90).map { number in
                var field = Field(
                    name: "F\(number)", title: BilingualText(zh: "字段\(number)", en: "Field \(number)"), type: .string)
                if number == 31 { field.codeList = sex }
                return field
            })
        type.groups = [("住院", "Stay", "F31"), ("费用", "Costs", "F61")].map {
            FieldGroup(title: BilingualText(zh: $0.0, en: $0.1), first: $0.2)
        }
        return type
    }()

    private static func page(_ search: String = "") -> String {
        var program = FakePlatform.program
        program.fileTypes = [type]
        return FileTypePage(program: program, type: type, search: search, hasExample: true)
            .page(Reader(language: .zh)).rendered(for: Reader(language: .zh))
    }

    @Test(
        "shows fields in groups that are folded where there are many, with links to each and an anchor for every field")
    func groups() {
        #expect(Self.type.groupedFields.map(\.fields.count) == [30, 30, 30])
        let page = Self.page()
        #expect(page.components(separatedBy: "<details class=\"card tablecard group\"").count == 4)
        #expect(!page.contains("group\" id=\"group-0\" open"))
        for (place, title) in ["字段", "住院", "费用"].enumerated() {
            #expect(page.contains("#group-\(place)\">\(title)</a>") && page.contains("id=\"group-\(place)\""))
        }
        for number in 1...90 { #expect(page.contains("<tr id=\"F\(number)\">")) }
        #expect(page.contains("例：1（男）"))
    }

    @Test("finds fields, and opens the groups that have one")
    func search() {
        let found = Self.page("f9")
        #expect(
            found.contains("<tr id=\"F9\">") && found.contains("<tr id=\"F90\">") && !found.contains("<tr id=\"F8\">"))
        #expect(found.contains("id=\"group-0\" open") && !found.contains("id=\"group-1\""))
        #expect(Self.page("<x>").contains("没有找到“&lt;x&gt;”"))
    }

    @Test("gives a template with the header alone, the table of fields, code lists and an example")
    func downloads() async {
        let visit = Visit()
        let type = FakePlatform.program.fileTypes[0]
        let template = await visit.get("/programs/influenza/\(type.id)/template.csv", Visit.session)
        let header = type.fields.map(\.name).joined(separator: ",")
        #expect(await template.text == "\u{FEFF}\(header)\r\n")
        #expect(template.headers["Content-Disposition"]?.contains("\(type.id)_template.csv") == true)
        let fields = await visit.get("/programs/influenza/\(type.id)/fields.csv", Visit.session).text
        #expect(
            fields.split(separator: "\r\n").count == type.fields.count + 1 && fields.contains(type.fields[0].title.zh))
        #expect(await visit.get("/programs/influenza/example.zip", Visit.session).text == "PK")
        #expect(await visit.get("/programs/influenza/nothing/fields.csv", Visit.session).status == .notFound)
        #expect(await visit.get("/programs/influenza/codelists/nothing/codes.csv", Visit.session).status == .notFound)
        if let list = FakePlatform.program.fileTypes.flatMap(\.fields).compactMap(\.codeList).first {
            let codes = await visit.get("/programs/influenza/codelists/\(list.id)/codes.csv", Visit.session).text
            #expect(codes.split(separator: "\r\n").count == list.entries.count + 1)
        }
    }
}
