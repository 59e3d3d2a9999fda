import Foundation

do {
    try await BenchTool.run(Array(CommandLine.arguments.dropFirst()))
} catch {
    FileHandle.standardError.write(Data("vedette-bench: \(error)\n".utf8))
    exit(2)
}
