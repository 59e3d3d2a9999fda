import AllPrograms
public import Foundation
public import ProgramFiles
public import Validation

/// The repository this test was built from.
public enum Repository {
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    public static let programs = root.appendingPathComponent("Surveillance")

    /// Every program of the repository, loaded once.
    public static let registry = Result { try ProgramRegistry(folder: programs) }

    /// The file types and the programs as the folders name them, read without the loader: where a folder does not load, the tests that
    /// run over them fail, and none of them vanishes.
    public static let fileTypeNames: [String] = programFolders.flatMap { folder in
        names(in: folder.appendingPathComponent("files")).filter { $0.hasSuffix(".json") }.map {
            String($0.dropLast(5))
        }
    }
    public static let programNames: [String] = programFolders.map { folder in
        let data = (try? Data(contentsOf: folder.appendingPathComponent("program.json"))) ?? Data()
        let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        return object?["id"] as? String ?? folder.lastPathComponent
    }

    private static let programFolders = names(in: programs).filter { $0 != "Common" }
        .map { programs.appendingPathComponent($0) }

    private static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
    }

    public static func file(_ path: String) -> URL { root.appendingPathComponent(path) }
}

extension ProgramRegistry {
    /// A file type by its id, whatever day it is; ids of file types are given once in this repository.
    public func type(_ id: String) -> CompiledFileType? { programs.lazy.compactMap { $0.fileType(id) }.first }
}
