import CoreRuntime
import Foundation
import ProgramFiles

/// The options by which every command that works on a deployment finds it.
enum ConfigurationOptions {
    static let all: [Manual.Option] = [
        .init(
            "--config", "FILE", zh: "配置文件（默认 Config/vedette.json，若存在）",
            en: "the configuration (default: Config/vedette.json if it is there)"),
        .init(
            "--data", "DIR", zh: "部署的数据文件夹（默认按配置）",
            en: "where the deployment keeps its data (default: as configured)"),
        .init(
            "--programs", "DIR", zh: "监测项目文件夹（默认按配置）", en: "the programs' folder (default: as configured)"),
    ]

    static func configuration(_ arguments: Arguments) throws -> Configuration {
        var configuration: Configuration
        let standard = URL(fileURLWithPath: "Config/vedette.json")
        if let file = arguments.value("--config") {
            configuration = try Configuration(contentsOf: URL(fileURLWithPath: file))
        } else if FileManager.default.fileExists(atPath: standard.path) {
            configuration = try Configuration(contentsOf: standard)
        } else {
            configuration = Configuration(
                dataFolder: URL(fileURLWithPath: "data"),
                programsFolder: try ProgramsFolder.find(arguments.value("--programs")))
        }
        if let data = arguments.value("--data") { configuration.dataFolder = URL(fileURLWithPath: data) }
        if let programs = arguments.value("--programs") {
            configuration.programsFolder = URL(fileURLWithPath: programs)
        }
        return configuration
    }
}
