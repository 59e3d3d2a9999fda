/// One thing that is wrong in a program's folder: where it stands, and what would be right.
public struct ProgramMistake: Hashable, Sendable {
    /// The file as its author knows it: `Surveillance/Influenza/files/flu.json`.
    public var file: String
    /// Counted from 1; nil where the whole file is meant.
    public var line: Int?
    /// In characters (Unicode scalars), counted from 1.
    public var column: Int?
    public var message: BilingualText

    public init(file: String, line: Int? = nil, column: Int? = nil, message: BilingualText) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column`, as editors and compilers write it.
    public var place: String { ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":") }

    /// Place and message on one line.
    public func text(_ language: Language) -> String { "\(place): \(message[language])" }

    /// Whether it stands before another in reading order.
    public func stands(before other: ProgramMistake) -> Bool {
        (file, line ?? 0, column ?? 0, message.en) < (other.file, other.line ?? 0, other.column ?? 0, other.message.en)
    }
}

/// A program whose folder does not hold together: none of its files are taken until its author has corrected it.
public struct SetAsideProgram: Hashable, Sendable {
    /// The id that its `program.json` gives, or its folder's name where none can be read.
    public var id: String
    /// Nil where none can be read.
    public var title: BilingualText?
    /// The file types that are its own, as far as they can be told.
    public var fileTypes: [String]
    /// All of its mistakes, in reading order.
    public var mistakes: [ProgramMistake]

    public init(id: String, title: BilingualText?, fileTypes: [String], mistakes: [ProgramMistake]) {
        self.id = id
        self.title = title
        self.fileTypes = fileTypes
        self.mistakes = mistakes
    }

    /// What people call it: its title, or else its id.
    public var name: BilingualText { title ?? BilingualText(zh: id, en: id) }
}
