import JSON
import SurveillanceKit

/// Reads `dimensions`: what the program's indicators may be split by.
struct DimensionReader {
    private(set) var dimensions: [ReadDimension] = []

    typealias Group = IndicatorDimension.Group

    init(_ object: ObjectReader) {
        for reader in object.objects("dimensions") {
            guard var reader else { continue }
            if case .string(let id)? = reader.value("id")?.content {
                reader.subject = BilingualText(zh: "维度 \(id)：", en: "dimension \(id): ")
            }
            guard let dimension = DimensionReader.dimension(reader) else { continue }
            if dimensions.contains(where: { $0.dimension.id == dimension.dimension.id }) {
                reader.fault("id", "这个 id 出现两次", "this id stands twice")
                continue
            }
            dimensions.append(dimension)
        }
    }

    /// What time and place are split by always, and so no dimension of a program can be called.
    private static let taken = [
        "day", "week", "month", "season", "year", "region", "zone", "institution", "level", "none",
    ]

    private static func dimension(_ object: ObjectReader) -> ReadDimension? {
        object.allow(["id", "title", "fields", "groups"])
        let id = object.string("id", like: .rule)
        if let id, taken.contains(id) {
            object.fault(
                "id", "'\(id)' 每个指标都有，不用声明；请另取一个",
                "every indicator has '\(id)' undeclared; give this dimension another id")
        }
        let title = object.text("title")
        var fields: [String: String] = [:]
        if let reader = object.object("fields", isNeeded: true) {
            for name in reader.names { fields[name] = reader.string(name, like: .field) }
            if reader.names.isEmpty {
                object.fault(
                    "fields", "'fields' 应写明至少一个文件类型的字段，如 { \"fever\": \"P7\" }",
                    "'fields' must name the field of at least one file type, as in { \"fever\": \"P7\" }")
            }
        }
        let groups = groups(object)
        guard let id, let title, !fields.isEmpty, !groups.isEmpty else { return nil }
        return ReadDimension(
            dimension: IndicatorDimension(id: id, title: title, fields: fields, groups: groups),
            offset: object.offset, fieldsNode: object.value("fields"), groupsNode: object.value("groups"))
    }

    private static func groups(_ object: ObjectReader) -> [Group] {
        var groups: [Group] = []
        for reader in object.objects("groups", isNeeded: true) {
            guard var reader else { continue }
            if case .string(let id)? = reader.value("id")?.content {
                reader.subject.zh += "组 \(id)："
                reader.subject.en += "group \(id): "
            }
            guard let group = group(reader) else { continue }
            refuse(group, beside: groups, reader)
            groups.append(group)
        }
        return groups
    }

    private static func group(_ object: ObjectReader) -> Group? {
        object.allow(["id", "title", "codes", "from", "through"])
        let id = object.string("id", like: .rule)
        if id == IndicatorDimension.unknown {
            object.fault(
                "id", "'unknown' 表示不属于任何组的值，不能用作组的 id", "'unknown' is what no group takes; give the group another id")
        }
        let title = object.text("title", isProse: false)
        let codes = object.strings("codes")
        let from = object.wholeNumber("from", from: Int(Int32.min))
        let through = object.wholeNumber("through", from: Int(Int32.min))
        let hasBounds = object.has("from") || object.has("through")
        if object.has("codes") == hasBounds {
            object.fault(
                at: object.offset, "应写明 'codes'，或 'from' 和 'through'（可只写一个）：两类择一",
                "needs either 'codes', or 'from' and 'through' of which one may be left out")
            return nil
        }
        if let from, let through, through < from {
            object.fault(
                "through", "'through' \(through) 小于 'from' \(from)", "'through' \(through) is less than 'from' \(from)")
        }
        guard let id, let title else { return nil }
        return Group(id: id, title: title, codes: codes, from: from, through: through)
    }

    /// Notes what a group has in common with one before it.
    private static func refuse(_ group: Group, beside groups: [Group], _ object: ObjectReader) {
        if groups.contains(where: { $0.id == group.id }) {
            object.fault("id", "这个 id 出现两次", "this id stands twice")
        }
        for other in groups {
            if other.codes.isEmpty != group.codes.isEmpty {
                object.fault(
                    at: object.offset, "与组 '\(other.id)' 不同类：一个维度的组或全用 'codes'，或全用 'from' 和 'through'",
                    "is not of the kind of group '\(other.id)': the groups of a dimension all have 'codes', or all 'from' and 'through'"
                )
                return
            }
            if let code = group.codes.first(where: other.codes.contains) {
                object.fault(
                    "codes", "代码 '\(code)' 已属于组 '\(other.id)'", "code '\(code)' belongs to group '\(other.id)' already")
            }
            let (low, high) = (
                max(group.from ?? .min, other.from ?? .min), min(group.through ?? .max, other.through ?? .max)
            )
            if group.codes.isEmpty, low <= high {
                object.fault(
                    object.has("from") ? "from" : "through", "与组 '\(other.id)' 重叠：\(low == .min ? high : low) 属于两组",
                    "overlaps group '\(other.id)': \(low == .min ? high : low) belongs to both")
            }
        }
    }
}

/// A dimension and where its parts stand.
struct ReadDimension: Sendable {
    var dimension: IndicatorDimension
    var offset: Int
    var fieldsNode: JSONNode?
    var groupsNode: JSONNode?
}
