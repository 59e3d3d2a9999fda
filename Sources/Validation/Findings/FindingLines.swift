import JSON
import SurveillanceKit
import Synchronization

/// Writes findings of one file as lines of JSON, by the hundred thousand.
///
/// What a template says is rendered the first time it is needed, and so is what is shown of a value, for as long as it is remembered:
/// a finding then costs a few copies.
final class FindingLines: Sendable {
    private let renderer: FindingRenderer
    private let memory: Mutex<Memory>

    /// What one template always says.
    private struct Fragment: BitwiseCopyable {
        /// From the field to what was expected, and the message with the line's end.
        var middle: LinePiece
        var message: LinePiece
        var showsValue: Bool
        var hasNumber: Bool
    }

    /// Unchecked: what it points at is its own, and touched under the lock alone.
    private struct Memory: ~Copyable, @unchecked Sendable {
        /// What every line begins with, up to the numbers of row and line.
        let head: LinePiece
        let headWithRow: LinePiece
        let line: LinePiece
        var fragments: [Fragment] = []
        /// Where each template's fragment stands; -1 for one that has not been needed yet.
        var places: [Int32]
        /// The name of each column, with the member's.
        var columns: [LinePiece] = []
        var values = ValueMemory()
        var page = LinePage()

        init(head: [UInt8], templates: Int) {
            places = Array(repeating: -1, count: templates)
            self.head = LinePiece(head)
            headWithRow = LinePiece(head + Array(",\"row\":".utf8))
            line = LinePiece(Array(",\"line\":".utf8))
        }

        deinit {
            for piece in [head, headWithRow, line] + columns { piece.deallocate() }
            for fragment in fragments {
                fragment.middle.deallocate()
                fragment.message.deallocate()
            }
        }
    }

    /// Ten digits each for row and line.
    private static let numbersLength = 20

    init(_ renderer: FindingRenderer) {
        self.renderer = renderer
        var head = Array("{\"file\":".utf8)
        JSONText.append(renderer.file, to: &head)
        JSONText.append(field: "program", renderer.type.program.id, to: &head)
        JSONText.append(field: "fileType", renderer.type.id, to: &head)
        memory = Mutex(Memory(head: head, templates: renderer.templateCount))
    }

    /// Hands on the findings' lines in pieces, each of whole lines.
    func write(_ findings: [RawFinding], text: [UInt8], to out: (Span<UInt8>) -> Void) {
        memory.withLock { memory in
            text.withUnsafeBufferPointer { text in
                for finding in findings { append(finding, text, &memory, out) }
            }
            memory.page.send(out)
        }
    }

    @inline(__always)
    private func append(
        _ raw: RawFinding, _ text: UnsafeBufferPointer<UInt8>, _ memory: inout Memory, _ out: (Span<UInt8>) -> Void
    ) {
        let place = Int(memory.places[Int(raw.template)])
        let fragment = place < 0 ? render(raw.template, &memory) : memory.fragments[place]
        var value: LinePiece?
        if raw.valueCount > 0, fragment.showsValue {
            let bytes = UnsafeBufferPointer(rebasing: text[Int(raw.valueStart)..<Int(raw.valueStart + raw.valueCount)])
            value = memory.values.piece(for: bytes, of: raw.template) { render(bytes, raw) }
        }
        let message = fragment.hasNumber ? LinePiece(message(of: raw)) : fragment.message
        let column = raw.column < 0 ? nil : column(Int(raw.column), &memory)
        memory.page.makeRoom(
            memory.headWithRow.count + memory.line.count + FindingLines.numbersLength + (column?.count ?? 0)
                + fragment.middle.count + (value?.count ?? 0) + message.count, out)
        if raw.row > 0 {
            memory.page.append(memory.headWithRow)
            memory.page.append(raw.row)
            memory.page.append(memory.line)
            memory.page.append(raw.line)
        } else {
            memory.page.append(memory.head)
        }
        if let column { memory.page.append(column) }
        memory.page.append(fragment.middle)
        if let value { memory.page.append(value) }
        memory.page.append(message)
        if fragment.hasNumber { message.deallocate() }
    }

    /// The message of a finding that speaks of a number of its own.
    @inline(never)
    private func message(of raw: RawFinding) -> [UInt8] {
        FindingLines.end(withMessage: renderer.template(raw).message.filling(Int(raw.number)))
    }

    private static func end(withMessage message: BilingualText) -> [UInt8] {
        var end: [UInt8] = []
        JSONText.append(field: "message", message, to: &end)
        end += "}\n".utf8
        return end
    }

    @inline(__always)
    private func column(_ index: Int, _ memory: inout Memory) -> LinePiece {
        if index >= memory.columns.count { nameColumns(upTo: index, &memory) }
        return memory.columns[index]
    }

    @inline(never)
    private func nameColumns(upTo index: Int, _ memory: inout Memory) {
        for column in memory.columns.count...index {
            var name = Array(",\"column\":\"".utf8)
            ColumnLetters.append(column, to: &name)
            memory.columns.append(LinePiece(name + [UInt8(ascii: "\"")]))
        }
    }

    @inline(never)
    private func render(_ index: Int32, _ memory: inout Memory) -> Fragment {
        let template = renderer.template(index)
        var middle: [UInt8] = []
        if let field = template.field.map({ renderer.type.fileType.fields[$0] }) {
            JSONText.append(field: "field", field.name, to: &middle)
            JSONText.append(field: "title", field.title, to: &middle)
        }
        JSONText.append(field: "severity", template.severity.rawValue, to: &middle)
        JSONText.append(field: "code", template.code.rawValue, to: &middle)
        if let rule = template.rule { JSONText.append(field: "rule", rule, to: &middle) }
        if let expected = template.expected { JSONText.append(field: "expected", expected, to: &middle) }
        let fragment = Fragment(
            middle: LinePiece(middle), message: LinePiece(FindingLines.end(withMessage: template.message)),
            showsValue: template.field != nil, hasNumber: template.message.en.contains("{}"))
        memory.places[Int(index)] = Int32(memory.fragments.count)
        memory.fragments.append(fragment)
        return fragment
    }

    /// What is shown of a value, and what it was most likely meant to be.
    @inline(never)
    private func render(_ value: UnsafeBufferPointer<UInt8>, _ raw: RawFinding) -> [UInt8] {
        let template = renderer.template(raw)
        let shown = renderer.shown(value, template)
        var rendered: [UInt8] = []
        if let value = shown.value { JSONText.append(field: "value", value, to: &rendered) }
        if let suggestion = shown.suggestion { JSONText.append(field: "suggestion", suggestion, to: &rendered) }
        return rendered
    }
}
