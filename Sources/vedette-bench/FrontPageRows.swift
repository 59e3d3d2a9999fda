import SurveillanceKit

/// Front pages of inpatient records, `hqms`: 346 columns of which 75 are filled, with diagnoses, a procedure now and then, and fees.
struct FrontPageRows: RowMaker {
    static let fileType = "hqms"

    private static let streets = ["朝阳区建国路88号院2号楼1801", "海淀区中关村大街27号", "西城区阜成门内大街133号", "丰台区南三环西路16号5单元302"]
    private static let otherDiagnoses = [
        ("P324", "P325", "P806"), ("P327", "P328", "P807"), ("P3291", "P3292", "P808"), ("P3294", "P3295", "P809"),
        ("P3297", "P3298", "P810"),
    ]
    private static let fees = ["P752", "P754", "P755", "P758", "P759", "P761", "P769", "P778", "P779"]

    static let wrongCells: [(field: String, value: String)] = [
        ("P5", "男"), ("P22", "2026-11-31 08:00:00"), ("P13", "110105199001010000"), ("P782", "一百元"),
        ("P6", "1990-02-30"), ("P322", ""),
    ]

    func fill(_ row: inout TableRow, number: Int, _ random: inout SeededRandom) {
        let discharge = CivilDate(daysSince1970: 20_758 + random.number(0...6))
        let days = random.number(1...14)
        let admission = CivilDate(daysSince1970: discharge.daysSince1970 - days)
        let person = Person(bornBefore: admission, &random)
        row["P900"] = "12345678901234567890A1"
        row["P6891"] = "示例市第一人民医院"
        row["P1"] = "1"
        row["P2"] = "\(random.number(1...5))"
        row["P3"] = "Z\(10_000_000 + number)"
        fillPerson(&row, person, admission, &random)
        row["P804"] = random.one(of: ["1", "2"])
        row["P22"] = "\(admission.text) \(twoDigits(random.number(0...23))):14:30"
        row["P25"] = "\(discharge.text) 23:\(twoDigits(random.number(0...59))):30"
        for department in ["P23", "P26"] { row[department] = "03" }
        for ward in ["P231", "P261"] { row[ward] = "呼吸内科\(random.number(1...4))病区" }
        row["P24"] = "-"
        row["P27"] = "\(days)"
        let diagnosis = random.one(of: InfluenzaRows.diagnoses)
        for (code, description) in [("P28", "P281"), ("P30", "P301"), ("P321", "P322")] {
            (row[code], row[description]) = diagnosis
        }
        row["P31"] = CivilDate(daysSince1970: admission.daysSince1970 + 1).text
        row["P805"] = "1"
        for (code, description, onAdmission) in FrontPageRows.otherDiagnoses {
            guard random.happens(60) else { break }
            (row[code], row[description]) = random.one(of: InfluenzaRows.diagnoses)
            row[onAdmission] = "1"
        }
        if random.happens(15) { fillProcedure(&row, admission, &random) }
        for doctor in ["P431", "P432", "P433", "P434", "P819", "P438", "P45", "P46"] {
            row[doctor] = Person(bornBefore: admission, &random).name
        }
        for (field, value) in [("P44", "2"), ("P62", "4"), ("P63", "3"), ("P830", "1"), ("P741", "1")] {
            row[field] = value
        }
        fillFees(&row, &random)
    }

    private func fillPerson(
        _ row: inout TableRow, _ person: Person, _ admission: CivilDate, _ random: inout SeededRandom
    ) {
        row["P4"] = person.name
        row["P5"] = "\(person.sex)"
        row["P6"] = person.birth.text
        row["P7"] = "\(CivilDate.fullYears(from: person.birth, to: admission))"
        row["P8"] = "1"
        row["P9"] = "90"
        row["P11"] = "1"
        row["P12"] = "中国"
        row["P13"] = person.residentID
        let address = "北京市" + random.one(of: FrontPageRows.streets)
        for field in ["P801", "P17", "P20"] { row[field] = address }
        row["P14"] = "-"
        for field in ["P802", "P15", "P21"] { row[field] = "13\(random.number(100_000_000...999_999_999))" }
        for field in ["P803", "P16", "P171"] { row[field] = "100020" }
        row["P18"] = Person(bornBefore: admission, &random).name
        row["P19"] = "1"
        if CivilDate.fullYears(from: person.birth, to: admission) < 1 { row["P66"] = "0.5" }
    }

    private func fillProcedure(_ row: inout TableRow, _ admission: CivilDate, _ random: inout SeededRandom) {
        row["P490"] = "33.2400x001"
        row["P491"] = "\(CivilDate(daysSince1970: admission.daysSince1970 + 1).text) 00:30:00"
        row["P492"] = "支气管镜检查"
        row["P820"] = "1"
        row["P495"] = Person(bornBefore: admission, &random).name
        row["P498"] = "03"
        row["P499"] = "1"
    }

    private func fillFees(_ row: inout TableRow, _ random: inout SeededRandom) {
        var total = 0
        for field in FrontPageRows.fees {
            let cents = random.number(1_000...200_000)
            row[field] = amount(cents)
            total += cents
        }
        row["P782"] = amount(total)
        row["P751"] = amount(total / 3)
    }
}
