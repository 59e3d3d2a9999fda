import HTTPServer
import Intake
import SurveillanceKit

/// Which submissions the list shows: of a state or all that is open, of a program, received on a day, with a text in their names.
struct SubmissionsQuery: Hashable, Sendable {
    var state: SubmissionState?
    /// What somebody still has to do something about.
    var isOpen = false
    var program: String?
    /// The civil day of receipt, where the pages tell times.
    var day: CivilDate?
    var text: String?
    /// Within what the reader oversees.
    var region: Region?
    /// That of the institution.
    var level: Institution.Level?

    init() {}

    /// Reads `state` (a state, or `open`), `program`, `day`, `region`, `level` and `q` from an address; what cannot be read counts as left out.
    init(_ items: FormFields) {
        func given(_ name: String) -> String? { items[name].flatMap { $0.isEmpty ? nil : $0 } }
        state = given("state").flatMap(SubmissionState.init)
        isOpen = given("state") == "open"
        program = given("program")
        day = given("day").flatMap { CivilDate($0) }
        region = given("region").flatMap { Region($0) }
        level = given("level").flatMap(Institution.Level.init)
        text = given("q").flatMap { $0.allSatisfy(\.isWhitespace) ? nil : String($0.prefix(100)) }
    }

    /// Whether everything of some institutions, programs and days is asked for, whatever became of it.
    var isOverview: Bool { state == nil && !isOpen && text == nil }

    /// Whether each submission has to be looked at: the log knows neither names nor levels.
    var looksAtEach: Bool { text != nil || level != nil }

    var isEmpty: Bool { self == SubmissionsQuery() }

    func apply(to path: SitePath) -> SitePath {
        path.with("state", isOpen ? "open" : state?.rawValue).with("program", program)
            .with("day", day.map { "\($0)" }).with("q", text)
            .with("region", region?.prefix).with("level", level?.rawValue)
    }

    func with(state: SubmissionState?, isOpen: Bool = false) -> SubmissionsQuery {
        var query = self
        (query.state, query.isOpen) = (state, isOpen)
        return query
    }

    /// All but the text, which is compared with names as the reader may see them, and the level.
    func filter(secondsEastOfUTC: Int) -> SubmissionFilter {
        let start = day.map {
            Instant(milliseconds: Int64($0.daysSince1970) * 86_400_000 - Int64(secondsEastOfUTC) * 1000)
        }
        return SubmissionFilter(
            state: state, from: start, until: start?.advanced(bySeconds: 86_400), program: program, isOpen: isOpen)
    }

    /// Whether the institution is of the level, and the text stands in the package's name, its files', its id or its institution's name and code.
    func matches(_ submission: Submission, institution: Institution?) -> Bool {
        if let level, institution?.level != level { return false }
        guard let text = text?.lowercased() else { return true }
        let names =
            [submission.fileName, submission.id.description, submission.institution, submission.sm3]
            + submission.files.map(\.name) + [institution?.name.zh, institution?.name.en].compactMap(\.self)
        return names.contains { $0.lowercased().contains(text) }
    }
}
