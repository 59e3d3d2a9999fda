import SurveillanceKit

/// The units that a field's title says it is measured in, so that one written behind the number can be left out without a doubt.
enum FieldUnit {
    /// What stands in a title, and what may then stand behind a number. Only one unit a field: months are no years.
    private static let known: [(titles: [String], units: [String])] = [
        (["月龄", "不足1周岁", "月数", "（月）", "(月)"], ["个月", "月"]),
        (["年龄", "（岁）", "(岁)"], ["周岁", "岁"]),
        (["体温", "温度"], ["℃", "°C", "摄氏度", "度"]),
        (["费", "金额", "单价", "价格", "（元）", "(元)"], ["元", "人民币"]),
        (["天数", "日数", "（天）", "(天)"], ["天", "日"]),
        (["周数"], ["周"]), (["年数"], ["年"]),
        (["小时"], ["小时", "h"]), (["分钟"], ["分钟", "min"]),
        (["次数"], ["次"]),
        (["出生体重", "入院体重", "（g）", "(g)"], ["克", "g"]),
        (["体重"], ["公斤", "千克", "kg"]),
        (["身高", "（cm）", "(cm)"], ["厘米", "cm"]),
        (["血压"], ["毫米汞柱", "mmHg"]),
        (["心率", "脉搏", "呼吸频率"], ["次/分", "次/分钟"]),
        (["血氧", "（%）", "(%)"], ["%"]),
    ]

    /// The number without its unit or currency mark, where one of the field's own stands there; otherwise the text as it is.
    static func removed(from text: String, of field: Field) -> String {
        guard text.unicodeScalars.contains(where: { !VisibleText.isDigit($0) && $0 != "." && $0 != "," }) else {
            return text
        }
        let title = field.title.zh
        guard let units = known.first(where: { $0.titles.contains { title.contains($0) } })?.units else { return text }
        if units.contains("元"), text.hasPrefix("¥") { return String(text.dropFirst().drop { $0 == " " }) }
        guard let unit = units.first(where: { text.hasSuffix($0) }) else { return text }
        var number = text.dropLast(unit.count)
        while number.last == " " { number.removeLast() }
        return String(number)
    }
}
