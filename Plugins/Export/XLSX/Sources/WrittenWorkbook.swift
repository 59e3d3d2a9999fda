import CXlsxWriter
import Glibc

/// A workbook in memory that no file system knows, gone with its last owner.
final class WrittenWorkbook: Sendable {
    let descriptor: CInt
    private let position = Position()

    private final class Position: @unchecked Sendable {
        /// Pieces are asked for from one place at once.
        var offset = 0
    }

    init() throws(WorkbookFault) {
        descriptor = memfd_create("workbook", 1 /* MFD_CLOEXEC */)
        guard descriptor >= 0 else { throw WorkbookFault("memfd_create", errno) }
    }

    deinit { close(descriptor) }

    /// The path under which the library opens it.
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// The next piece, nil after the last.
    func next(_ count: Int) throws(WorkbookFault) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: count)
        let read = pread(descriptor, &piece, count, off_t(position.offset))
        guard read >= 0 else { throw WorkbookFault("pread", errno) }
        guard read > 0 else { return nil }
        position.offset += read
        piece.removeLast(count - read)
        return piece
    }
}

/// The library or the system has failed; nothing is wrong with the table.
struct WorkbookFault: Error, CustomStringConvertible {
    var description: String

    init(_ operation: String, _ code: CInt) {
        description = "the workbook could not be written: \(operation): \(String(cString: strerror(code)))"
    }

    init(_ error: lxw_error) {
        description = "the workbook could not be written: \(String(cString: lxw_strerror(error)))"
    }
}
