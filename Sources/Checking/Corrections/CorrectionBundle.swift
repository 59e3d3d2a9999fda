public import SurveillanceKit
import Synchronization
import Tabular

/// The correction forms of a submission as one zip that is corrected and uploaded as it is, in memory that does not grow with it.
public enum CorrectionBundle {
    /// One form: its name, and what makes it when its turn comes.
    public struct Entry: Sendable {
        public var name: String
        public var open: @Sendable () throws -> ExportedFile

        public init(name: String, open: @escaping @Sendable () throws -> ExportedFile) {
            self.name = name
            self.open = open
        }
    }

    public static func file(_ entries: [Entry]) -> ExportedFile {
        let progress = Mutex(Progress(waiting: entries[...]))
        return ExportedFile(fileExtension: "zip", mediaType: "application/zip") {
            try progress.withLock { try $0.next() }
        }
    }

    private struct Progress {
        var writer = StoredArchiveWriter()
        var waiting: ArraySlice<Entry>
        var current: ExportedFile?
        var isFinished = false

        mutating func next() throws -> [UInt8]? {
            if let file = current {
                if let piece = try file.next() {
                    piece.withUnsafeBytes { writer.count($0) }
                    return piece
                }
                current = nil
                return writer.end()
            }
            if let entry = waiting.popFirst() {
                current = try entry.open()
                return writer.begin(entry.name)
            }
            guard !isFinished else { return nil }
            isFinished = true
            return writer.finish()
        }
    }
}
