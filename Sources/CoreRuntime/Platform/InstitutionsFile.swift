import Foundation
import ProgramFiles
import Settings
import SurveillanceKit
import Validation

/// The register of institutions, `Config/institutions.json`: a list of code, name, level, region and fever clinic.
enum InstitutionsFile {
    static func read(_ url: URL) throws(ProgramError) -> [Institution] {
        let file = url.lastPathComponent
        guard case .array(let values) = try SettingsValue(contentsOf: url, shownAs: file) else {
            throw .unreadable(file: file, reason: "a list of institutions is needed: [ { \"code\": …, \"name\": … } ]")
        }
        var institutions: [Institution] = []
        for (index, value) in values.enumerated() {
            guard case .object(let members) = value else {
                throw .unreadable(file: file, reason: "[\(index)]: an object { … } is needed")
            }
            institutions.append(try institution(SettingsObject(members, file: file, place: "[\(index)]", url: url)))
        }
        return institutions
    }

    private static func institution(_ object: SettingsObject) throws(ProgramError) -> Institution {
        try object.allow(["code", "name", "aliases", "level", "region", "hasFeverClinic"])
        guard let level = try object.choice("level", Institution.Level.self) else {
            throw object.fault("'level' is missing")
        }
        let region = try object.string("region")
        guard region.count == 6, region.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw object.fault("'region' is '\(region)'; six digits of GB/T 2260 are needed")
        }
        return Institution(
            code: try object.string("code"), name: try object.text("name"),
            aliases: object.has("aliases") ? try object.strings("aliases") : [], level: level, region: region,
            hasFeverClinic: try object.optionalBool("hasFeverClinic") ?? false)
    }
}
