/// Looks at bytes that were uploaded for what does harm.
///
/// Nothing asks a scanner yet: tables are read as text and never run. It is there for documents, which people will open. Until those are
/// received, no plugin of this kind is compiled in, and `plugins.scan` in the configuration takes no name.
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
