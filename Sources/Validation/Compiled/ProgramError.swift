public import SurveillanceKit

/// Why programs, or another file of ours, cannot be used: every mistake, each with its place and what would be right.
public struct ProgramError: Error, CustomStringConvertible {
    public var mistakes: [ProgramMistake]

    public init(_ mistakes: [ProgramMistake]) { self.mistakes = mistakes }

    /// One mistake a line.
    public func text(_ language: Language) -> String {
        mistakes.map { $0.text(language) }.joined(separator: "\n")
    }

    public var description: String { text(.en) }
}

extension ProgramError {
    /// A file that is wrong as a whole, for whose reason there is one language.
    public static func unreadable(file: String, reason: String) -> ProgramError {
        ProgramError([ProgramMistake(file: file, message: BilingualText(zh: reason, en: reason))])
    }

    public static func noPrograms(folder: String) -> ProgramError {
        ProgramError([
            ProgramMistake(
                file: folder,
                message: BilingualText(
                    zh: "这里没有监测项目；监测项目是含有 program.json 的文件夹（见 docs/programs.md）",
                    en: "no program here; a program is a folder with a program.json (see docs/programs.md)"))
        ])
    }
}

/// What is wrong with the schema of a file type once its texts have been read, by its place in the file.
public struct ProgramFault: Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        case field(String)
        case rule(Int)
        /// The key's number, and the number of the link among the key's alternatives.
        case link(Int, Int)
        case parentRule(Int, Int, Int)
    }

    public var fileType: String
    public var place: Place
    /// The property that is wrong: `expression`.
    public var property: String
    /// The character of the property's text that is meant, counted from 1.
    public var character: Int?
    public var message: BilingualText

    init(_ fileType: String, _ place: Place, _ property: String, character: Int? = nil, zh: String, en: String) {
        self.fileType = fileType
        self.place = place
        self.property = property
        self.character = character
        message = BilingualText(zh: zh, en: en)
    }
}

/// Everything in which a program's file types do not hold together.
public struct ProgramFaults: Error {
    public var faults: [ProgramFault]
}
