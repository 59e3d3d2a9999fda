import Database
import Intake

/// What the database says of its disk, as receiving says it of its own: whoever asks is answered alike, 507 or 503.
enum StorageFault {
    static func readable(_ error: any Error) -> any Error {
        switch error {
        case DatabaseError.diskFull(let path): IntakeError.diskFull(path: path)
        case DatabaseError.inputOutput(let path, let detail):
            IntakeError.inputOutput(path: path, operation: "write", reason: detail)
        case DatabaseError.writerPoisoned(let cause): IntakeError.poisoned(path: "vedette.sqlite", cause: cause)
        default: error
        }
    }

    @discardableResult
    static func readable<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch { throw readable(error) }
    }
}
