/// Looks at bytes that were uploaded for what does harm.
///
/// No plugin of this kind is compiled in yet, and nothing asks one: uploads are read as tables and never run.
public protocol Scanner: Plugin {
    /// - Parameter bytes: hands over the next piece of the upload; empty after the last.
    /// - Throws: where the scan could not be made; that is not the same as a clean upload.
    func scan(_ bytes: () throws -> [UInt8]) throws -> ScanVerdict
}

public enum ScanVerdict: Hashable, Sendable {
    case clean
    /// What was found, by the scanner's own name for it.
    case harmful(String)
    /// Only a part could be looked at.
    case notFullyScanned(reason: String)
}
