import Foundation

/// The repository's pages as they stand on disk.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Every page that a person reads, by its path.
    static func pages() throws -> [String] {
        let places = ["", "docs", "docs/decisions"] + programFolders()
        return try places.flatMap { place in
            try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(place).path)
                .filter { $0.hasSuffix(".md") }.map { place.isEmpty ? $0 : "\(place)/\($0)" }
        }.sorted()
    }

    private static func programFolders() -> [String] {
        let folder = root.appendingPathComponent("Surveillance")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent("\($0)/README.md").path)
        }
        .map { "Surveillance/\($0)" }
    }
}
