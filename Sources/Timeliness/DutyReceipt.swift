public import SurveillanceKit

/// Something that an institution has sent for a program: what obligations are judged by.
public struct DutyReceipt: Hashable, Sendable {
    /// When its last byte was durable.
    public var receivedAt: Instant
    /// When its upload began; nil where that is not known.
    public var begunAt: Instant?
    public var outcome: Outcome
    /// The day that a zero report names; nil where it speaks for the day on which it was received.
    public var day: CivilDate?

    /// What became of it.
    public enum Outcome: UInt8, Sendable, CaseIterable {
        case accepted
        case partlyAccepted
        /// The institution has said that there were no cases.
        case zero
        case rejected
        /// It could not be processed.
        case failed
        /// Nobody has judged it yet.
        case pending
        /// The institution has taken it back.
        case withdrawn

        /// Whether a duty is done by it.
        public var counts: Bool {
            switch self {
            case .accepted, .partlyAccepted, .zero: true
            case .rejected, .failed, .pending, .withdrawn: false
            }
        }
    }

    public init(receivedAt: Instant, begunAt: Instant? = nil, outcome: Outcome, day: CivilDate? = nil) {
        self.receivedAt = receivedAt
        self.begunAt = begunAt
        self.outcome = outcome
        self.day = day
    }
}

/// All that one institution has sent for one program, in the order of its receipt.
public struct DutyReceipts: Sendable {
    public static let none = DutyReceipts([])

    /// One reference, so that it is handed on cheaply: it is for millions of judgements.
    private let sorted: Sorted

    private final class Sorted: Sendable {
        let all: [DutyReceipt]
        let counting: [DutyReceipt]
        let named: [DutyReceipt]
        let pending: [DutyReceipt]

        init(_ receipts: [DutyReceipt]) {
            let isSorted = zip(receipts, receipts.dropFirst()).allSatisfy { $0.receivedAt <= $1.receivedAt }
            let sorted = isSorted ? receipts : receipts.sorted { $0.receivedAt < $1.receivedAt }
            all = sorted
            if sorted.allSatisfy({ $0.outcome.counts && $0.day == nil }) {
                counting = sorted
                named = []
                pending = []
            } else {
                counting = sorted.filter { $0.outcome.counts && $0.day == nil }
                named = sorted.filter { $0.outcome.counts && $0.day != nil }
                pending = sorted.filter { $0.outcome == .pending }
            }
        }
    }

    /// - Parameter receipts: in any order; the order of equal instants means nothing.
    public init(_ receipts: [DutyReceipt]) { sorted = Sorted(receipts) }

    public var all: [DutyReceipt] { sorted.all }

    /// Those that count and speak for the time at which they were received.
    var counting: [DutyReceipt] { sorted.counting }

    /// Those that count and name their day.
    var named: [DutyReceipt] { sorted.named }

    /// Those that have not been processed yet.
    var pending: [DutyReceipt] { sorted.pending }

    /// The first that counts at or after an instant and is known at another.
    func first(since start: Instant, knownAt now: Instant) -> DutyReceipt? {
        let plain = counting.first { $0.receivedAt >= start }
        let zero = named.first { $0.receivedAt >= start }
        let first = [plain, zero].compactMap { $0 }.min { $0.receivedAt < $1.receivedAt }
        return first.flatMap { $0.receivedAt <= now ? $0 : nil }
    }
}
