import Foundation

/// Standard input as a file with a name, for what is sent from disk. Only its owner can read it.
struct StandardInputFile {
    let file: URL

    init(named name: String?) throws {
        guard let name, !name.isEmpty, !name.contains("/") else {
            throw UsageError("标准输入需要 --name，例如 --name package.zip", "- needs --name, such as --name package.zip")
        }
        guard ProcessInfo.processInfo.environment["VEDETTE_PASSWORD"] != nil else {
            throw UsageError(
                "文件来自标准输入时，密码必须放在环境变量 VEDETTE_PASSWORD 中",
                "where the file comes from standard input, the password must be in VEDETTE_PASSWORD")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vedette-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        file = folder.appendingPathComponent(name)
        try (FileHandle.standardInput.readToEnd() ?? Data()).write(to: file)
    }

    func remove() { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
}
