import SurveillanceKit

/// The packages that the demo's institutions send: a table of made-up visits a day.
struct DemoPackage {
    var fileName: String
    var text: String

    /// - Parameters:
    ///   - fileType: `flu` or `fever`.
    ///   - day: of the visits.
    ///   - isBroken: every visit has a sex that there is not.
    init(
        _ fileType: FileType, of hospital: Institution, on day: CivilDate, visits: Int, isBroken: Bool = false
    ) {
        let stamp = "\(day)".filter { $0 != "-" }
        fileName = "\(fileType.id)_\(stamp).csv"
        var lines = [fileType.fields.map(\.name).joined(separator: ",")]
        for number in 0..<visits {
            let moment = "\(day) \(8 + number % 8 < 10 ? "0" : "")\(8 + number % 8):\(10 + number * 3 % 50):00"
            var cells = [
                "P900": hospital.code, "P6891": hospital.name.zh, "P7501": "01", "P7502": "D\(stamp)\(number)",
                "P7000": "S\(stamp)\(number)", "P4": "示例患者", "P5": number % 2 == 0 ? "1" : "2", "P6": "1980-08-01",
                "P7": "\((day.yearMonthDay.year - 1980) - (day.yearMonthDay.month < 8 ? 1 : 0))", "P11": "1", "P8": "1",
                "P7503": "01", "P13": "110105198008017528", "P801": "某市某区某路25号", "P802": "13800007316",
                "P803": "100000", "P7504": "03", "P7505": "1", "P7506": moment, "P7507": "发热2天", "P7526": "发热",
                "P7528": "\(day.advanced(byDays: -1))", "P7529": "2", "P28": "R50.900", "P281": "发热，未特指",
                "P321": "R50.900", "P322": "发热，未特指", "P1": "1", "P7508": "459.64", "P7509": "10.00",
                "P7510": "183.86", "P7511": "137.89", "P7512": "229.82", "P8508": "2",
            ]
            if number % 2 == 0 { cells["P13"] = "110105198008017536" }
            if isBroken { cells["P5"] = "男女" }
            lines.append(fileType.fields.map { cells[$0.name] ?? "" }.joined(separator: ","))
        }
        text = lines.joined(separator: "\r\n") + "\r\n"
    }
}
