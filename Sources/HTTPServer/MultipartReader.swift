import Glibc
import SurveillanceKit
import Synchronization

/// Reads a `multipart/form-data` body as it arrives: fields are kept, each file goes to a sink of its own.
///
/// Strict where leniency would let two readers see different files: the body begins with its boundary, lines end with
/// CRLF, and every part has a name. File names are taken as UTF-8, as browsers send them, or from `filename*`.
/// Source: RFC 7578; RFC 2046, section 5.1; RFC 5987 for `filename*`.
public final class MultipartReader: BodySink {
    /// Makes the sink for a file, told the fields that came before it. What it throws ends the upload.
    public typealias Opener = @Sendable (MultipartPart, _ fields: FormFields) throws -> any BodySink

    private let delimiter: [UInt8]
    private let maximumFieldBytes: Int
    private let maximumParts: Int
    private let open: Opener
    private let state = Mutex(State())

    private struct State {
        var buffer: [UInt8] = [0x0D, 0x0A]  // so that the first boundary looks like all others
        var place = Place.beforeFirst
        var fields = FormFields()
        var fieldBytes = 0
        var parts = 0
        var sinks: [any BodySink] = []
    }

    private enum Place {
        case beforeFirst
        /// After a boundary: two hyphens end the body, a line break opens a part.
        case afterBoundary
        case head
        case file(any BodySink)
        case field(String, [UInt8])
        /// A file control in which no file was chosen.
        case nothing
        case end
    }

    private static let maximumHeadBytes = 8192

    /// - Throws: where the content type is no `multipart/form-data` with a boundary.
    public init(
        contentType: String?, maximumFieldBytes: Int = 65_536, maximumParts: Int = 200, open: @escaping Opener
    ) throws(Problem) {
        guard let contentType, let header = ParameterizedValue(contentType),
            header.value.lowercased() == "multipart/form-data", let boundary = header["boundary"],
            (1...70).contains(boundary.utf8.count)
        else {
            throw Problem(
                "unsupported-media-type", status: .unsupportedMediaType,
                title: BilingualText(zh: "不支持的内容类型", en: "This type of content is not taken here"),
                detail: BilingualText(
                    zh: "此处只接收带 boundary 的 multipart/form-data。", en: "multipart/form-data with a boundary is expected."
                ))
        }
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.maximumFieldBytes = maximumFieldBytes
        self.maximumParts = maximumParts
        self.open = open
    }

    public func receive(_ bytes: UnsafeRawBufferPointer) throws {
        try state.withLock { state in
            state.buffer.append(contentsOf: bytes)
            var start = 0
            while let next = try step(&state, from: start) { start = next }
            let released = try releasable(&state, from: start)
            state.buffer.removeFirst(start + released)
        }
    }

    public func abandon() {
        let sinks = state.withLock { state in
            state.place = .end
            defer { state.sinks = [] }
            return state.sinks
        }
        for sink in sinks { sink.abandon() }
    }

    /// The fields, when the body has arrived whole and was complete; otherwise every file's sink is abandoned.
    public func finish() throws(Problem) -> FormFields {
        let (isComplete, fields) = state.withLock { state in
            if case .end = state.place { return (true, state.fields) }
            return (false, state.fields)
        }
        guard isComplete else {
            abandon()
            throw MultipartReader.broken("上传内容不完整。", "The upload ends before its last boundary.")
        }
        return fields
    }

    // MARK: Parsing

    /// Takes the next element from `start` on; nil where more bytes are needed.
    private func step(_ state: inout State, from start: Int) throws -> Int? {
        switch state.place {
        case .end: return start < state.buffer.count ? state.buffer.count : nil  // what follows the end means nothing
        case .beforeFirst:
            guard state.buffer.count >= delimiter.count else { return nil }
            guard state.buffer.starts(with: delimiter) else {
                throw MultipartReader.broken("上传内容没有以 boundary 开头。", "The upload does not begin with its boundary.")
            }
            state.place = .afterBoundary
            return delimiter.count
        case .afterBoundary:
            guard state.buffer.count - start >= 2 else { return nil }
            switch (state.buffer[start], state.buffer[start + 1]) {
            case (0x2D, 0x2D): state.place = .end
            case (0x0D, 0x0A): state.place = .head
            default: throw MultipartReader.broken("boundary 之后的内容无效。", "Something stands after a boundary.")
            }
            return start + 2
        case .head:
            guard let end = find([0x0D, 0x0A, 0x0D, 0x0A], in: state.buffer, from: start) else {
                if state.buffer.count - start > MultipartReader.maximumHeadBytes {
                    throw MultipartReader.broken("上传内容某部分的头过长。", "The head of a part is too long.")
                }
                return nil
            }
            try startPart(&state, head: state.buffer[start..<end])
            // The last line break of the head stays: an empty part's boundary begins with it.
            return end + 4
        case .file, .field, .nothing:
            guard let end = find(delimiter, in: state.buffer, from: start) else { return nil }
            try take(&state, start..<end)
            if case .field(let name, let bytes) = state.place {
                guard let value = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
                    throw MultipartReader.broken(
                        "表单字段不是 UTF-8，或含有零字节。", "A form field is not UTF-8, or holds a zero byte.")
                }
                state.fields.append(name, value)
            }
            state.place = .afterBoundary
            return end + delimiter.count
        }
    }

    /// Hands on what cannot be the beginning of a boundary, and says how much that is.
    private func releasable(_ state: inout State, from start: Int) throws -> Int {
        switch state.place {
        case .file, .field, .nothing: break
        case .beforeFirst, .afterBoundary, .head, .end: return 0
        }
        let count = max(0, state.buffer.count - start - (delimiter.count - 1))
        try take(&state, start..<start + count)
        return count
    }

    private func take(_ state: inout State, _ range: Range<Int>) throws {
        guard !range.isEmpty else { return }
        switch state.place {
        case .file(let sink):
            try state.buffer.withUnsafeBytes { try sink.receive(UnsafeRawBufferPointer(rebasing: $0[range])) }
        case .field(let name, var bytes):
            state.fieldBytes += range.count
            guard state.fieldBytes <= maximumFieldBytes else {
                throw Problem.contentTooLarge(maximumBytes: maximumFieldBytes)
            }
            bytes += state.buffer[range]
            state.place = .field(name, bytes)
        default: break
        }
    }

    private func startPart(_ state: inout State, head: ArraySlice<UInt8>) throws {
        state.parts += 1
        guard state.parts <= maximumParts else {
            throw MultipartReader.broken("上传的部分过多，最多 \(maximumParts) 个。", "There are more than \(maximumParts) parts.")
        }
        guard let part = MultipartPart(head: head) else {
            throw MultipartReader.broken(
                "上传内容某部分缺少有效的 Content-Disposition。", "A part has no valid Content-Disposition.")
        }
        switch part.fileName {
        case nil: state.place = .field(part.name, [])
        case "": state.place = .nothing
        default:
            let sink = try open(part, state.fields)
            state.sinks.append(sink)
            state.place = .file(sink)
        }
    }

    private static func broken(_ zh: String, _ en: String) -> Problem { .badRequest(BilingualText(zh: zh, en: en)) }
}

/// Where `pattern` first stands in `bytes`.
private func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return nil }
        var place = start
        while place + pattern.count <= bytes.count {
            let room = bytes.count - pattern.count + 1 - place
            guard let hit = memchr(base + place, Int32(pattern[0]), room) else { return nil }
            place = UnsafeRawPointer(hit) - base
            if memcmp(base + place, pattern, pattern.count) == 0 { return place }
            place += 1
        }
        return nil
    }
}
