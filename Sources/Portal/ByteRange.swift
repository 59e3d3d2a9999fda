import SurveillanceKit

/// The part of a file that a request asks for.
///
/// Source: RFC 9110, 14 (Range Requests). One range is served; of several, of other units and of what cannot be read the whole file is sent,
/// as the RFC allows.
enum ByteRange: Hashable {
    case whole
    case part(Range<Int>)
    /// Nothing of what is asked for is there: 416.
    case unsatisfiable

    init(_ header: String?, size: Int) {
        guard let header, header.lowercased().hasPrefix("bytes=") else {
            self = .whole
            return
        }
        let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map { $0.trimmed }
        func number(_ text: String) -> Int? {
            text.utf8.allSatisfy { (0x30...0x39).contains($0) } && text.utf8.count <= 15 ? Int(text) : nil
        }
        guard parts.count == 2 else {
            self = .whole
            return
        }
        switch (parts[0].isEmpty ? nil : number(parts[0]), number(parts[1])) {
        case (nil, let last?) where parts[0].isEmpty:
            self = last == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - last)..<size)
        case (let first?, nil) where parts[1].isEmpty:
            self = first < size ? .part(first..<size) : .unsatisfiable
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(last + 1, size)) : .unsatisfiable
        default: self = .whole
        }
    }
}
