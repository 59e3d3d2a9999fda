import SurveillanceKit

/// Hospitals' levels as people read and choose them.
enum LevelWords {
    static func title(_ level: Institution.Level) -> BilingualText {
        let en =
            switch level {
            case .tertiary: "tertiary"
            case .secondary: "secondary"
            case .primary: "primary"
            case .unrated: "no level"
            }
        return BilingualText(zh: level.rawValue, en: en)
    }

    /// An institution's level, and its class within it where it has one.
    static func text(of institution: Institution, _ reader: Reader) -> String {
        let level = reader.say(title(institution.level))
        guard let grade = institution.grade else { return level }
        let en =
            switch grade {
            case .special: "special"
            case .a: "A"
            case .b: "B"
            case .c: "C"
            case .ungraded: "no class"
            }
        return level + reader.say(grade.rawValue, ", class \(en)")
    }

    static func choice(_ chosen: Institution.Level?, _ reader: Reader) -> HTML {
        select(.id("level"), .name("level")) {
            option(.value(""), text: reader.say("全部", "All"))
            for level in Institution.Level.allCases {
                option(
                    .value(level.rawValue), level == chosen ? .selected : nil, text: reader.say(LevelWords.title(level))
                )
            }
        }
    }
}
