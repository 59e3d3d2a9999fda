import SurveillanceKit
import Synchronization

/// Writes findings of one file as lines of JSON, by the hundred thousand.
///
/// What a template says is rendered the first time it is needed, and so is what is shown of a value, for as long as it is remembered:
/// a finding then costs a few copies.
final class FindingLines: Sendable {
    private let renderer: FindingRenderer
    private let head: [UInt8]
    private let memory: Mutex<Memory>

    /// What one template always says.
    private struct Fragment {
        /// From the field to what was expected, and the message with the line's end.
        var middle: [UInt8]
        var message: [UInt8]
        var field: Int?
        var hasNumber: Bool
    }

    private struct Memory {
        var fragments: [Int32: Fragment] = [:]
        var values = ValueMemory()
    }

    init(_ renderer: FindingRenderer) {
        self.renderer = renderer
        var head = Array("{\"file\":".utf8)
        JSONText.append(renderer.file, to: &head)
        JSONText.append(field: "program", renderer.type.program.id, to: &head)
        JSONText.append(field: "fileType", renderer.type.id, to: &head)
        self.head = head
        memory = Mutex(Memory())
    }

    func append(_ findings: [RawFinding], text: [UInt8], to output: inout [UInt8]) {
        memory.withLock { memory in
            text.withUnsafeBufferPointer { text in
                for finding in findings { append(finding, text, &memory, to: &output) }
            }
        }
    }

    private func append(
        _ raw: RawFinding, _ text: UnsafeBufferPointer<UInt8>, _ memory: inout Memory, to output: inout [UInt8]
    ) {
        let fragment = memory.fragments[raw.template] ?? render(raw.template, &memory)
        output += head
        if raw.row > 0 {
            JSONText.append(field: "row", Int(raw.row), to: &output)
            JSONText.append(field: "line", Int(raw.line), to: &output)
        }
        if raw.column >= 0 {
            output += ",\"column\":\"".utf8
            ColumnLetters.append(Int(raw.column), to: &output)
            output.append(UInt8(ascii: "\""))
        }
        output += fragment.middle
        if raw.valueCount > 0, fragment.field != nil {
            let value = UnsafeBufferPointer(rebasing: text[Int(raw.valueStart)..<Int(raw.valueStart + raw.valueCount)])
            memory.values.append(value, of: raw.template, to: &output) { render(value, raw) }
        }
        if fragment.hasNumber {
            let message = renderer.template(raw).message.filling(Int(raw.number))
            JSONText.append(field: "message", message, to: &output)
            output += "}\n".utf8
        } else {
            output += fragment.message
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
        var message: [UInt8] = []
        JSONText.append(field: "message", template.message, to: &message)
        message += "}\n".utf8
        let fragment = Fragment(
            middle: middle, message: message, field: template.field, hasNumber: template.message.en.contains("{}"))
        memory.fragments[index] = fragment
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

/// What was rendered for values seen lately. The values that are wrong are mostly the same few; those that are not push each other out.
private struct ValueMemory {
    private struct Entry {
        var template: Int32 = -1
        var value: [UInt8] = []
        var rendered: [UInt8] = []
    }

    private static let size = 1024
    private static let longest = 64
    private var entries = [Entry](repeating: Entry(), count: size)

    mutating func append(
        _ value: UnsafeBufferPointer<UInt8>, of template: Int32, to output: inout [UInt8], render: () -> [UInt8]
    ) {
        guard value.count <= ValueMemory.longest else {
            output += render()
            return
        }
        let place = ValueMemory.place(of: value, template)
        if entries[place].template != template || !entries[place].value.elementsEqual(value) {
            entries[place] = Entry(template: template, value: Array(value), rendered: render())
        }
        output += entries[place].rendered
    }

    private static func place(of value: UnsafeBufferPointer<UInt8>, _ template: Int32) -> Int {
        var hash = UInt64(truncatingIfNeeded: template) ^ 0xCBF2_9CE4_8422_2325
        for byte in value { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32) & (size - 1)
    }
}
