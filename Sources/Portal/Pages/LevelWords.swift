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
