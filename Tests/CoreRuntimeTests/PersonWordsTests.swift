import Testing

@testable import Deidentification

@Suite("Names that a word beside them announces") struct PersonWordsTests {
    private func scrubbed(_ text: String, _ suspicion: PersonalNumber.Suspicion = .anyLong) -> String {
        var output: [UInt8] = []
        var freeText = FreeText()
        _ = Array(text.utf8).withUnsafeBufferPointer {
            freeText.scrub($0, identifiers: RowIdentifiers(), suspicion, into: &output)
        }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(
        "are taken out though the row does not give them",
        arguments: [
            ("姓名：王小明 血常规", "姓名：*** 血常规"), ("姓名:欧阳娜娜,女", "姓名:***,女"), ("姓名为于洋，男", "姓名为***，男"), ("患者姓名 李四", "患者姓名 ***"),
            ("联系人王小明电话13800007316", "联系人***电话***"), ("联系人（父亲）：王强", "联系人（父亲）：***"), ("联系人：父亲王强", "联系人：父亲***"),
            ("父亲王强陪同就诊", "父亲***陪同就诊"), ("其母 李 小 红 代诉", "其母 *** 代诉"), ("家属张三签字", "家属***签字"), ("患儿刘子涵，发热", "患儿***，发热"),
            ("患者司马相如入院", "患者***入院"), ("电话：赵六 13800007316", "电话：*** ***"), ("姓名：阿依古丽·买买提，女", "姓名：***，女"),
            ("送检医师：陈晓东", "送检医师：***"), ("patient name: Li Na, male", "patient name: ***, male"),
            ("Name:zhang san", "Name:***"),
            ("ＮＡＭＥ：王小明", "ＮＡＭＥ：***"), ("name: 王小明", "name: ***"), ("奶奶周桂兰近日咳嗽", "奶奶***近日咳嗽"), ("班主任徐静告知", "班主任***告知"),
            ("联系人（王强）", "联系人（***）"),
        ])
    func found(text: String, left: String) {
        #expect(scrubbed(text) == left)
        #expect(scrubbed(text, .shape) == left)
    }

    @Test(
        "also before a title, where text is a doctor's; an institution's name keeps its own",
        arguments: [
            ("李医生会诊", "***医生会诊"), ("王小红女士诉", "***女士诉"), ("由陈建国主任查房", "由***主任查房"), ("欧阳老师", "***老师"),
        ])
    func titles(text: String, left: String) {
        #expect(scrubbed(text) == left)
        #expect(scrubbed(text, .shape) == text)
    }

    @Test(
        "what only begins like a name stays",
        arguments: [
            "父亲高血压，母亲糖尿病", "患者高热3天", "患者黄痰", "患者严重乏力", "家属否认", "家属拒绝签字", "患者周身酸痛", "患者何时起病不详", "联系人：本人", "姓名：不详",
            "姓名：无",
            "患者马上就诊", "患者余无不适", "母亲体健", "父亲健在", "儿子女儿均体健", "患者于3天前发热", "患者曾口服布洛芬", "患者时有咳嗽", "患者和家属要求", "家长陈述病史",
            "孙子孙女体健", "主任医师查房",
            "主管医生", "主治医师", "全科医生", "发热门诊医生", "护士站", "同学聚餐", "item name: WBC", "test name: flu A", "血常规", "甲型流感病毒抗原",
            "电话随访", "联系方式无", "患者安静", "患者金属异物史",
            "患者程度较重", "患者平素体健", "白细胞", "黄芪颗粒", "马来酸氯苯那敏", "name", "患者，男，35岁", "医生：", "父亲",
        ])
    func passed(text: String) {
        #expect(scrubbed(text) == text)
        #expect(scrubbed(text, .shape) == text)
    }

    /// 21 surnames × ten shapes, of which the row gives no name.
    @Test("of 210 made-up texts none keeps its name")
    func corpus() {
        let surnames = [
            "王", "李", "张", "刘", "陈", "杨", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "罗", "郑", "欧阳", "司马",
        ]
        let given = ["伟", "芳", "娜娜", "秀英", "敏", "静怡", "丽", "强", "磊", "梓轩"]
        let shapes = [
            "姓名：%", "患者%，男", "联系人：%（父亲）", "家属%陪同", "血常规 姓名%", "父亲%体健", "患儿%，3岁", "申请医生：%", "母亲：%，电话13800007316",
            "监护人 %",
        ]
        var kept: [String] = []
        for (number, surname) in surnames.enumerated() {
            for (place, shape) in shapes.enumerated() {
                let name = surname + given[(number + place) % given.count]
                let text = shape.replacing("%", with: name)
                if scrubbed(text, .shape).contains(name) { kept.append(text) }
            }
        }
        #expect(kept.isEmpty)
    }
}
