import SurveillanceKit

/// A made-up patient whose name, birth, age and identity number agree with each other.
struct Person {
    var name: String
    /// 1 male, 2 female.
    var sex: Int
    var birth: CivilDate
    var residentID: String

    private static let families = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "欧阳"]
    private static let given = [
        "伟", "芳", "娜", "敏", "静", "秀英", "丽", "强", "磊", "军", "洋", "艳", "勇", "杰", "娟", "涛", "明轩", "梓涵", "浩然", "欣怡",
    ]
    private static let divisions = ["110105", "110108", "110228", "310104", "320102", "440106", "510107"]
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

    init(bornBefore day: CivilDate, _ random: inout SeededRandom) {
        sex = random.number(1...2)
        name = random.one(of: Person.families) + random.one(of: Person.given)
        birth = CivilDate(daysSince1970: day.daysSince1970 - random.number(400...32_000))
        var digits = random.one(of: Person.divisions) + birth.compactText
        digits += "\(random.number(10...99))\(random.number(0...4) * 2 + (sex == 1 ? 1 : 0))"
        // Source: GB 11643-1999, the check character of ISO 7064, MOD 11-2.
        let sum = zip(digits.utf8, Person.weights).reduce(0) { $0 + Int($1.0 - 0x30) * $1.1 }
        residentID = digits + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
    }
}

extension CivilDate {
    /// `2026-03-05`.
    var text: String {
        let parts = yearMonthDay
        return "\(parts.year)-\(twoDigits(parts.month))-\(twoDigits(parts.day))"
    }

    /// `20260305`.
    var compactText: String {
        let parts = yearMonthDay
        return "\(parts.year)\(twoDigits(parts.month))\(twoDigits(parts.day))"
    }
}

func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// An amount of money, given in cents.
func amount(_ cents: Int) -> String { "\(cents / 100).\(twoDigits(cents % 100))" }
