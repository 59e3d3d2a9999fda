public import SurveillanceKit

/// What stops figures from being kept or told, and what would mend it.
public enum IndicatorError: Error, Hashable, CustomStringConvertible {
    /// A definition is another than the one that figures were published by, under the same version.
    case changedWithoutVersion(program: String, indicator: String, version: Int)
    case unknownProgram(String)
    /// - Parameter known: the ids that there are.
    case unknownIndicator(String, version: Int?, known: [String])
    case inFuture(Instant)
    /// The instant with which figures are compared is the later one.
    case notEarlier(Instant, than: Instant)
    /// Nothing was known then: the first change is later, or there is none.
    case beforeFirst(Instant, first: Instant?)
    /// What was known then has been erased (`historyDays`).
    case historyGone(before: Instant)
    case unknownDimension(String, known: [String])
    case unknownGroup(String, dimension: String, known: [String])
    case tooMany(cells: Int)

    public var message: BilingualText {
        func text(_ instant: Instant) -> String { CivilText.text(instant.milliseconds / 1000, withTime: true) }
        return switch self {
        case .changedWithoutVersion(let program, let indicator, let version):
            BilingualText(
                zh: "方案 \(program) 的指标 '\(indicator)' 的定义变了，版本仍是 \(version)：请改为 \(version + 1)，把原定义移到 'earlier'",
                en:
                    "the definition of indicator '\(indicator)' of \(program) has changed and its version is still \(version): make it \(version + 1) and move the former one to 'earlier'"
            )
        case .unknownProgram(let id):
            BilingualText(zh: "没有方案 '\(id)'", en: "there is no program '\(id)'")
        case .unknownIndicator(let id, let version, let known):
            BilingualText(
                zh: "没有指标 '\(id)'\(version.map { " 的第 \($0) 版" } ?? "")；有 \(known.joined(separator: "、"))",
                en:
                    "there is no indicator '\(id)'\(version.map { " of version \($0)" } ?? ""); there are \(known.joined(separator: ", "))"
            )
        case .inFuture(let instant):
            BilingualText(
                zh: "\(text(instant)) UTC 尚未到来：'asOf' 应为已过去的时刻",
                en: "\(text(instant)) UTC is still to come: 'asOf' must be in the past")
        case .notEarlier(let instant, let later):
            BilingualText(
                zh: "'compareTo'（\(text(instant)) UTC）应早于 'asOf'（\(text(later)) UTC）",
                en: "'compareTo' (\(text(instant)) UTC) must be before 'asOf' (\(text(later)) UTC)")
        case .beforeFirst(let instant, let first?):
            BilingualText(
                zh: "\(text(instant)) UTC 时还没有数据：第一批数据于 \(text(first)) UTC 入库",
                en: "nothing was known at \(text(instant)) UTC: the first records came at \(text(first)) UTC")
        case .beforeFirst(let instant, nil):
            BilingualText(
                zh: "\(text(instant)) UTC 时还没有数据：至今没有任何数据入库",
                en: "nothing was known at \(text(instant)) UTC: no records have come yet")
        case .historyGone(let instant):
            BilingualText(
                zh: "此前的历史版本已按 historyDays 清除：请查询 \(text(instant)) UTC 之后的时刻",
                en: "what was known before \(text(instant)) UTC has been erased (historyDays): ask for a later instant")
        case .unknownDimension(let id, let known):
            BilingualText(
                zh: "不能按 '\(id)' 分组；可用 \(known.joined(separator: "、"))",
                en: "cannot split by '\(id)'; there are \(known.joined(separator: ", "))")
        case .unknownGroup(let id, let dimension, let known):
            BilingualText(
                zh: "维度 '\(dimension)' 没有 '\(id)'；有 \(known.joined(separator: "、"))",
                en: "dimension '\(dimension)' has no '\(id)'; there are \(known.joined(separator: ", "))")
        case .tooMany(let cells):
            BilingualText(
                zh: "所问的单元格有 \(cells) 个，一次最多 4,000,000 个：请缩短时间或减少分组",
                en: "\(cells) cells are asked for, 4,000,000 at once at most: ask for a shorter time or split less")
        }
    }

    public var description: String { message.en }
}
