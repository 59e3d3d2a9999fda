import Foundation
import ProgramFiles
import SurveillanceKit
import Timeliness
import Validation

/// What a deployment's obligations are judged by: its programs, what `Config/deadlines` and `Config/calendar` set, and the register.
struct DutyRules: Sendable {
    let programs: [Program]
    /// Of the deployment's files.
    let configured: [DutyOverrides]
    let calendar: WorkCalendar
    var institutions: [Institution]

    /// - Throws: `ProgramError` with every mistake of the folders.
    init(_ configuration: Configuration, _ registry: ProgramRegistry, _ institutions: [Institution]) throws {
        programs = registry.programs.map(\.program)
        self.institutions = institutions
        // A program that has been set aside may be named: what is set for it counts once its folder is mended.
        let aside = registry.setAside.map { aside in
            Program(
                id: aside.id, title: BilingualText(zh: aside.id, en: aside.id), version: "",
                effectiveFrom: "0001-01-01",
                timeZone: "UTC", fileTypes: [])
        }
        let known = programs + aside
        configured =
            try configuration.deadlinesFolder.map {
                try OverridesFolder.read($0, programs: known, shownAs: $0.path)
            } ?? []
        calendar = try configuration.calendarFolder.map { try CalendarFolder.read($0, shownAs: $0.path) } ?? .none
    }

    /// - Parameter administrators: what they have set on their pages.
    func roster(administrators: [DutyOverrides] = []) throws(DutyError) -> DutyRoster {
        DutyRoster(
            try DutyBook(
                programs, overrides: configured + administrators, calendar: calendar, institutions: institutions))
    }
}
