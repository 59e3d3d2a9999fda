import HTTPServer
import Synchronization

/// A body, or a file of a form, that is held in memory; whoever admits it says how large it may be.
final class HeldBody: BodySink {
    private let held = Mutex<[UInt8]>([])
    private let mostKept: Int

    /// - Parameter mostKept: what comes beyond so many bytes is dropped: its sender is told that it is too much.
    init(mostKept: Int = .max) { self.mostKept = mostKept }

    func receive(_ bytes: UnsafeRawBufferPointer) {
        let copy = Array(bytes)
        held.withLock { $0 += copy.prefix(mostKept - $0.count) }
    }

    func abandon() { held.withLock { $0 = [] } }

    var bytes: [UInt8] { held.withLock { $0 } }
}

/// A form with one file, held in memory.
final class HeldForm: BodySink {
    private let reader: MultipartReader
    private let file: HeldFile

    private final class HeldFile: Sendable {
        let content: HeldBody
        init(mostKept: Int) { content = HeldBody(mostKept: mostKept) }
        let name = Mutex<String?>(nil)
    }

    /// - Parameters:
    ///   - mostKept: of the file; what comes beyond so many bytes is dropped.
    ///   - accepts: told the fields before the file; false refuses the form.
    init(
        contentType: String?, mostKept: Int = .max, accepts: @escaping @Sendable (FormFields) -> Bool
    ) throws(Problem) {
        let file = HeldFile(mostKept: mostKept)
        self.file = file
        reader = try MultipartReader(contentType: contentType) { part, fields in
            guard accepts(fields) else { throw Problem.foreignForm }
            let isFirst = file.name.withLock { name in
                defer { name = name ?? part.fileName }
                return name == nil
            }
            guard isFirst else { throw Problem.tooManyFiles(1) }
            return file.content
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws { try reader.receive(bytes) }

    func abandon() { reader.abandon() }

    /// The fields, and the file where one was chosen.
    func finish() throws(Problem) -> (fields: FormFields, file: (name: String, bytes: [UInt8])?) {
        let fields = try reader.finish()
        let name = file.name.withLock { $0 }
        return (fields, name.map { ($0, file.content.bytes) })
    }
}
