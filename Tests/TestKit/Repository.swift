import CoreRuntime
import Foundation
import ProgramFiles

/// The repository this test was built from.
public enum Repository {
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    public static let programs = root.appendingPathComponent("Surveillance")

    /// Every program of the repository, loaded once.
    public static let registry = Result { try ProgramRegistry(folder: programs) }

    public static func file(_ path: String) -> URL { root.appendingPathComponent(path) }
}
