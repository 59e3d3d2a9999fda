public import Intake

/// Receiving files. Called on a thread of the server's, so beginning must not wait long.
public protocol UploadServices: Sendable {
    func beginUpload(_ announcement: UploadAnnouncement) throws -> any PendingUpload

    /// Begins to receive tables that are one package together; its files are begun one after the other.
    func beginPackage(_ announcement: UploadAnnouncement, maximumBytes: Int) throws -> any PendingPackage
}

/// A file on its way in.
public protocol PendingUpload: AnyObject, Sendable {
    func write(_ bytes: UnsafeRawBufferPointer) throws
    func abandon()
    /// Makes bytes and record durable. Only after it may the client be told.
    ///
    /// - Parameter number: its place among the packages of the request, from 0.
    func finish(_ number: Int) async throws -> Recorded
    /// Checks what has come instead, says what storing it would change, and keeps nothing.
    func check() async throws -> DryRun
}

/// Tables on their way in that are one package together.
public protocol PendingPackage: PendingUpload {
    /// What is written from now on belongs to this file.
    func begin(file name: String) throws
}
