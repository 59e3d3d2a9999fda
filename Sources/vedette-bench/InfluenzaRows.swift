import SurveillanceKit

/// Visits of outpatients and emergency cases with influenza: 25 of 61 cells filled, as in the program's own sample package.
struct InfluenzaRows: RowMaker {
    static let fileType = "flu"

    private static let complaints = [
        "发热、咳嗽3天", "咽痛，流涕1天，伴头痛", "乏力、肌肉酸痛", "高热伴寒战2天,最高体温39.5℃", "发热2天\n咳嗽1天，无痰", "发热\"待查\"1天",
        "发热4天，体温最高39.2℃，咳嗽、咳黄痰，伴全身肌肉酸痛、乏力、食欲减退，自服退热药后体温可降至正常，数小时后复升", "鼻塞流涕，咽部不适半天",
    ]
    static let diagnoses = [
        ("J10.100", "流行性感冒伴其他呼吸道表现，流感病毒被标明"), ("J11.100", "流行性感冒伴其他呼吸道表现，病毒未标明"), ("J06.900", "急性上呼吸道感染"),
        ("R50.900", "发热，未特指"), ("J18.900", "肺炎，未特指"), ("J10.000x001", "甲型流行性感冒伴肺炎"), ("E11.900", "2型糖尿病不伴有并发症"),
        ("I10.x00", "特发性（原发性）高血压"), ("N18.900", "慢性肾脏病"),
    ]
    private static let otherDiagnoses = [("P324", "P325"), ("P327", "P328"), ("P3291", "P3292"), ("P3294", "P3295")]

    static let wrongCells: [(field: String, value: String)] = [
        ("P5", "男"), ("P7506", "2026-11-31 08:00:00"), ("P13", "110105199001010000"), ("P7508", "一百元"),
        ("P6", "1990-02-30"),
        ("P322", ""), ("P7505", "1.5"), ("P8509", "2026-13-01 00:00:00"),
    ]

    func fill(_ row: inout TableRow, number: Int, _ random: inout SeededRandom) {
        let visit = CivilDate(daysSince1970: 20_758 + random.number(0...6))
        let person = Person(bornBefore: visit, &random)
        row["P900"] = "12345678901234567890A1"
        row["P6891"] = "示例市第一人民医院"
        if random.happens(35) { row["P686"] = "1\(random.number(1_000_000_000...9_999_999_999))" }
        if random.happens(20) { row["P800"] = "JK\(random.number(100_000_000...999_999_999))" }
        row["P7501"] = random.happens(80) ? "01" : "02"
        row["P7502"] = "M\(10_000_000 + number)"
        row["P4"] = person.name
        row["P5"] = "\(person.sex)"
        row["P6"] = person.birth.text
        row["P7"] = "\(CivilDate.fullYears(from: person.birth, to: visit))"
        row["P7503"] = "01"
        row["P13"] = person.residentID
        row["P7504"] = random.one(of: ["03", "07", "03", "16"])
        row["P7505"] = "1"
        row["P7506"] =
            "\(visit.text) \(twoDigits(random.number(0...23))):\(twoDigits(random.number(0...59))):\(twoDigits(random.number(0...59)))"
        row["P7507"] = random.one(of: InfluenzaRows.complaints)
        let diagnosis = random.one(of: InfluenzaRows.diagnoses)
        row["P321"] = diagnosis.0
        row["P322"] = diagnosis.1
        for (code, description) in InfluenzaRows.otherDiagnoses {
            guard random.happens(30) else { break }
            (row[code], row[description]) = random.one(of: InfluenzaRows.diagnoses)
        }
        if random.happens(1) {
            row["P6911"] = "CCU"
            row["P6912"] = "\(visit.text) 23:59:59"
            row["P6913"] = "\(CivilDate(daysSince1970: visit.daysSince1970 + 3).text) 08:00:00"
        }
        fillCosts(&row, &random)
        let died = random.happens(0.3)
        row["P8508"] = died ? "1" : "2"
        if died { row["P8509"] = "\(CivilDate(daysSince1970: visit.daysSince1970 + 5).text) 11:20:00" }
    }

    private func fillCosts(_ row: inout TableRow, _ random: inout SeededRandom) {
        let total = random.number(5_000...99_999)
        row["P1"] = random.one(of: ["1", "2", "7"])
        row["P7508"] = amount(total)
        row["P7509"] = amount(1_000)
        row["P7510"] = amount(total * 2 / 5)
        row["P7511"] = amount(total / 4)
        row["P7512"] = amount(random.number(0...total))
    }
}
