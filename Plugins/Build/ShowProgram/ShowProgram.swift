import Foundation
import PackagePlugin

/// `swift package show-program ID`: `vedette program show ID` over the package's own folder of programs.
@main
struct ShowProgram: CommandPlugin {
    func performCommand(context: PluginContext, arguments: [String]) throws {
        let process = Process()
        process.executableURL = try context.tool(named: "vedette").url
        process.currentDirectoryURL = context.package.directoryURL
        process.arguments = ["program", "show"] + arguments
        try process.run()
        process.waitUntilExit()
        // What it says of itself has been printed; SwiftPM adds that the plugin failed.
        if process.terminationStatus != 0 { exit(process.terminationStatus) }
    }
}
