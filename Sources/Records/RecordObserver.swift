public import Deidentification
public import SurveillanceKit

/// Is told what storing or withdrawing does to each record, in the same transaction: what figures are kept from.
public protocol RecordObserver: AnyObject {
    /// Whether it asks for the records of a file type.
    func observes(program: String, fileType: String) -> Bool

    /// A row is stored as a new record, or as the new version of one.
    ///
    /// - Parameters:
    ///   - before: what the record held; nil where it was not there.
    ///   - wasKnown: whether that was known before this submission.
    func stored(
        _ row: DeidentifiedBatch.Row, of batch: DeidentifiedBatch, as record: Int64, before: RecordValues?,
        wasKnown: Bool) throws

    /// The rows that were told belong to a block of which all are stored now.
    func storedBlock()

    /// A record returns to an earlier version, or is withdrawn (`after` nil).
    func returned(
        program: String, fileType: String, record: Int64, key: RecordKey, before: RecordValues?,
        after: RecordValues?, wasKnown: Bool
    ) throws
}
