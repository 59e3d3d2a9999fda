import JSON
import SurveillanceKit

extension FindingLines {
    /// All findings gathered by cause, in memory that does not grow with their number.
    ///
    /// - Parameter maximum: how many findings are looked at.
    func grouped(maximum: Int = .max) throws -> FindingGroups {
        var groups = FindingGroups()
        while groups.count < maximum, let line = try next() { groups.add(line) }
        return groups
    }
}

extension FindingGroups {
    /// A JSON array, one cause a line: a finding's members without its place, then how many there are, their first rows, the different
    /// values with how many have each, and the cause to ask for all of them by.
    var json: [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (index, group) in sorted().enumerated() {
            bytes += Array((index == 0 ? "\n" : ",\n").utf8)
            var finding = group.finding
            finding.row = nil
            finding.line = nil
            finding.appendJSONLine(to: &bytes)
            bytes.removeLast(2)
            JSONText.append(field: "count", group.count, to: &bytes)
            bytes += Array(",\"rows\":[\(group.rows.map(String.init).joined(separator: ","))]".utf8)
            group.appendValues(to: &bytes)
            JSONText.append(field: "cause", group.cause.text, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        return bytes + Array("]\n".utf8)
    }
}

extension FindingGroups.Group {
    /// `"values":[{"value":"…","count":2}]`, and how many findings have other values where there are too many different ones.
    fileprivate func appendValues(to bytes: inout [UInt8]) {
        bytes += Array(",\"values\":[".utf8)
        for (index, value) in values.enumerated() {
            bytes += Array((index == 0 ? "{\"value\":" : ",{\"value\":").utf8)
            JSONText.append(value.value, to: &bytes)
            JSONText.append(field: "count", value.count, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
        if otherValues > 0 { JSONText.append(field: "otherValues", otherValues, to: &bytes) }
    }
}
