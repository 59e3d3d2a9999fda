import CoreRuntime
import Foundation
import ProgramFiles

/// The options by which every command that works on a deployment finds it.
enum ConfigurationOptions {
    static let names = ["--config", "--data", "--programs"]
    static let help = """
          --config FILE         the configuration (default: Config/vedette.json if it is there)
          --data DIR            where the deployment keeps its data (default: as configured)
          --programs DIR        the programs' folder (default: as configured)
        """

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
