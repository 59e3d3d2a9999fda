import Checking
import Accounts
import Foundation
import HTTPServer
import Intake
import PluginKit
import Portal
import ProgramFiles
import SurveillanceKit
import Validation

/// What the pages and the API need of a platform, each area answered by its room.
struct PlatformServices {
    let platform: Platform
}

extension Platform {
    var portalServices: PlatformServices { PlatformServices(platform: self) }
}

extension PlatformServices: ReferenceServices {
    var programs: [Program] { platform.registry.programs.map(\.program) }

    var setAside: [SetAsideProgram] { platform.registry.setAside }

    func institution(_ code: String) -> Institution? { platform.institutions[code] }

    /// `Cases/clean/package.zip` of the program's folder, which is called as the program: `FeverClinic` for `fever-clinic`.
    func example(of program: String) -> [UInt8]? {
        let folder = platform.configuration.programsFolder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let wanted = program.filter { $0 != "-" }
        guard let name = names.first(where: { $0.lowercased() == wanted }) else { return nil }
        return (try? Data(contentsOf: folder.appendingPathComponent("\(name)/Cases/clean/package.zip"))).map {
            Array($0)
        }
    }
}

extension PlatformServices: UploadServices {
    func beginUpload(_ announcement: UploadAnnouncement) throws -> any PendingUpload {
        try Receiving(announcement, at: platform)
    }

    func beginPackage(_ announcement: UploadAnnouncement, maximumBytes: Int) throws -> any PendingPackage {
        try ReceivingPackage(announcement, maximumBytes: maximumBytes, at: platform)
    }
}

extension PlatformServices: DownloadServices {
    func pdf(of document: PrintedDocument) async throws -> [UInt8]? {
        do {
            return try await OwnThread.run { [plugins = platform.configuration.plugins] in
                try plugins.pdf(of: document)
            }.get()
        } catch let error as UnprintableText {
            platform.report(error.message)
            throw Problem.unprintable(error.message)
        }
    }

    func file(of table: ExportTable, format: String, in language: Language) throws -> ExportedFile? {
        try platform.configuration.plugins.file(of: table, format: format, in: language)
    }

    func zip(of files: [ZippedFile]) -> ExportedFile {
        CorrectionBundle.file(files.map { CorrectionBundle.Entry(name: $0.name, open: $0.open) })
    }
}
