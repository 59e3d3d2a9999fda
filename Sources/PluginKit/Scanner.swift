/// Looks at bytes that were uploaded for what does harm.
///
/// It is asked about documents, which people open. Tables are read as text, never run, and not handed to it. Where no scanner is on, the
/// reviewer of a document is told that nobody has looked for viruses.
public protocol Scanner: Plugin {
    /// Looks at one upload.
    ///
    /// - Parameter bytes: hands over the next piece of the upload; empty after the last.
    /// - Throws: only what `bytes` throws. What keeps the scanner from looking is `ScanVerdict.failed`: nobody takes it for clean.
    func scan(_ bytes: () throws -> [UInt8]) throws -> ScanVerdict
}

public enum ScanVerdict: Hashable, Sendable {
    case clean
    /// What was found, by the scanner's own name for it.
    case infected(String)
    /// Only a part was looked at: the upload is larger than the scanner's limits, encrypted, or nested too deep.
    case notFullyScanned(reason: String)
    /// The scanner could not look at all.
    case failed(reason: String)
}
