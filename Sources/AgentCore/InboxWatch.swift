/// Decides which files of the inbox are whole, from what successive looks at it showed. It touches no file.
///
/// A file is whole when its size and time of change were the same at two looks at least `settleSeconds` apart. Tables wait besides until
/// nothing in the inbox has changed for `quietSeconds`, because the files of one export belong together.
public struct InboxWatch: Sendable {
    public static let settleSeconds: Int64 = 10

    public struct Entry: Hashable, Sendable {
        public var name: String
        public var size: Int64
        /// Nanoseconds since 1970.
        public var modified: Int64

        public init(_ name: String, size: Int64, modified: Int64) {
            self.name = name
            self.size = size
            self.modified = modified
        }
    }

    /// What a name says that a file is.
    public enum Kind: Hashable, Sendable {
        case table, zip, ready, unfinished, foreign

        public init(_ name: String) {
            let lower = name.lowercased()
            // A dot begins what systems hide, `~$` the lock of a workbook that is open.
            if lower.hasPrefix(".") || lower.hasPrefix("~$") || lower.hasSuffix("~")
                || lower.hasSuffix(".tmp") || lower.hasSuffix(".part")
            {
                self = .unfinished
            } else if lower.hasSuffix(".ready") {
                self = .ready
            } else if lower.hasSuffix(".zip") {
                self = .zip
            } else if lower.hasSuffix(".csv") || lower.hasSuffix(".xlsx") || lower.hasSuffix(".xls") {
                self = .table
            } else {
                self = .foreign
            }
        }
    }

    /// What may go now.
    public struct Whole: Hashable, Sendable {
        public var tables: [Entry] = []
        public var zips: [Entry] = []
        /// The files that said that an export is complete; they go with its tables.
        public var ready: [String] = []
        /// Files that would go, were they not empty.
        public var empty: [String] = []
        /// Files of kinds that no server takes; they stay where they are.
        public var foreign: [String] = []
        /// Whether files lie there that may go later.
        public var isWaiting = false
    }

    private struct Seen {
        var entry: Entry
        /// When it was first seen so.
        var since: Int64
    }

    private let quietSeconds: Int64
    private var seen: [String: Seen] = [:]
    private var lastChange: Int64?

    public init(quietSeconds: Int) { self.quietSeconds = Int64(quietSeconds) }

    /// - Parameter uptime: milliseconds of a clock that nobody sets.
    public mutating func look(at entries: [Entry], uptime: Int64) -> Whole {
        var now: [String: Seen] = [:]
        for entry in entries {
            if let before = seen[entry.name], before.entry == entry {
                now[entry.name] = before
                continue
            }
            now[entry.name] = Seen(entry: entry, since: uptime)
            let kind = Kind(entry.name)
            if kind != .foreign, !entry.name.hasPrefix(".") { lastChange = uptime }
        }
        seen = now
        let isQuiet = uptime - (lastChange ?? uptime) >= quietSeconds * 1000

        var whole = Whole()
        var tables: [Entry] = []
        var areAllSettled = true
        for entry in entries.sorted(by: { $0.name < $1.name }) {
            let isSettled = uptime - (now[entry.name]?.since ?? uptime) >= Self.settleSeconds * 1000
            switch Kind(entry.name) {
            case .unfinished: whole.isWaiting = whole.isWaiting || !entry.name.hasPrefix(".")
            case .foreign: if isSettled { whole.foreign.append(entry.name) }
            case .ready: whole.ready.append(entry.name)
            case .zip, .table:
                guard entry.size > 0 else {
                    if isSettled { whole.empty.append(entry.name) } else { whole.isWaiting = true }
                    continue
                }
                let isTable = Kind(entry.name) == .table
                guard isSettled else {
                    whole.isWaiting = true
                    if isTable { areAllSettled = false }
                    continue
                }
                if isTable { tables.append(entry) } else { whole.zips.append(entry) }
            }
        }
        if !tables.isEmpty {
            // Something that says that the export is complete ends the quiet time, and never a file's own time to settle.
            if areAllSettled, isQuiet || !whole.ready.isEmpty { whole.tables = tables } else { whole.isWaiting = true }
        }
        if whole.tables.isEmpty { whole.ready = [] }
        return whole
    }
}
