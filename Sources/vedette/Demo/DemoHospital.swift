import SurveillanceKit

/// A made-up institution of the demo, and how it reports.
struct DemoHospital {
    /// What an institution is like.
    enum Habit {
        /// Every day in time.
        case punctual
        /// In time, but on some days after the deadline.
        case oftenLate
        /// Some days are missing.
        case forgetful
        /// On Sundays it says that there were no cases.
        case zeroOnSundays
        /// Excused for some days because of a new system.
        case newSystem
        /// Nothing has come for four days.
        case silent
        /// Its export breaks now and then: the package is rejected, and what is mended comes late.
        case faulty
    }

    var institution: Institution
    var habit: Habit
    /// The name of its account.
    var account: String

    /// The one that people sign in for; its sample packages are sent at every start.
    static let own = DemoHospital(
        "A1", "demo", "示例市第一人民医院", "First People's Hospital of Shili", .tertiary, "110105", .punctual)

    /// A dozen, in three provinces.
    static let all = [
        own,
        DemoHospital("A2", "demo-02", "示例市中医医院", "Shili Hospital of Chinese Medicine", .tertiary, "110106", .oftenLate),
        DemoHospital("A3", "demo-03", "示例市第三医院", "Third Hospital of Shili", .secondary, "110108", .punctual),
        DemoHospital(
            "A4", "demo-04", "示例市妇幼保健院", "Shili Maternal and Child Hospital", .secondary, "110112", .zeroOnSundays),
        DemoHospital("B1", "demo-05", "演示省人民医院", "Yanshi Provincial Hospital", .tertiary, "430102", .punctual),
        DemoHospital("B2", "demo-06", "演示市中心医院", "Central Hospital of Yanshi", .tertiary, "430111", .newSystem),
        DemoHospital("B3", "demo-07", "演示县人民医院", "Yanshi County Hospital", .secondary, "430181", .forgetful),
        DemoHospital("B4", "demo-08", "演示区医院", "Yanshi District Hospital", .secondary, "430202", .silent),
        DemoHospital("C1", "demo-09", "样例省第一医院", "First Hospital of Yangli", .tertiary, "440103", .punctual),
        DemoHospital("C2", "demo-10", "样例市人民医院", "People's Hospital of Yangli", .tertiary, "440305", .faulty),
        DemoHospital("C3", "demo-11", "样例市第二医院", "Second Hospital of Yangli", .secondary, "440402", .oftenLate),
        DemoHospital("C4", "demo-12", "样例镇中心卫生院", "Yangli Township Health Centre", .primary, "440514", .zeroOnSundays),
    ]

    private init(
        _ suffix: String, _ account: String, _ zh: String, _ en: String, _ level: Institution.Level, _ region: String,
        _ habit: Habit
    ) {
        institution = Institution(
            code: "12345678901234567890\(suffix)", name: BilingualText(zh: zh, en: en), level: level, region: region,
            hasFeverClinic: true)
        self.account = account
        self.habit = habit
    }

    /// As the register has it: it owes reports from a day on.
    func institution(since first: CivilDate) -> Institution {
        var institution = institution
        institution.from = first
        return institution
    }

    /// What an institution does on a day.
    enum Deed {
        /// A package, at a time of day in minutes, with so many visits.
        case package(minutes: Int, visits: Int)
        /// A package whose rows are all wrong.
        case broken(minutes: Int)
        /// A table without rows: no cases.
        case zero(minutes: Int)
    }

    /// - Parameters:
    ///   - day: counted back from today, which is 0.
    ///   - place: of the institution, so that no two send at the same time.
    func deeds(daysAgo day: Int, isSunday: Bool, place: Int) -> [Deed] {
        let minutes = 9 * 60 + 17 * place + (day * 7 + place * 3) % 25
        let visits = 6 + (day * 5 + place * 7) % 9
        let inTime = Deed.package(minutes: minutes, visits: visits)
        let late = Deed.package(minutes: 17 * 60 + 20 + place * 9, visits: visits)
        switch habit {
        case .punctual: return [inTime]
        case .oftenLate: return [day % 4 == place % 3 && day > 0 ? late : inTime]
        case .forgetful: return day % 5 == 2 || day == 9 ? [] : [inTime]
        case .zeroOnSundays: return [isSunday ? .zero(minutes: minutes) : inTime]
        case .newSystem: return (5...8).contains(day) ? [] : [inTime]
        case .silent: return day < 4 ? [] : [inTime]
        case .faulty: return day % 6 == 3 ? [.broken(minutes: minutes), late] : [inTime]
        }
    }
}
