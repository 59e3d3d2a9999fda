import CheckKit
import ProgramFiles
import SurveillanceKit
import Testing
import Validation

/// The made-up program `mpox` with a change in one file, in which marks show where mistakes belong.
///
/// ```swift
/// try MarkedProgram("files/mpox.json", #""type": "date""#, #""type": ❶"day""#).expect("'type' is 'day'")
/// ```
struct MarkedProgram {
    private static let marks: [Character] = ["❶", "❷", "❸", "❹"]
    private var files = Mpox.files
    /// `Surveillance/Mpox/files/mpox.json:8:15`, in the order of the marks.
    private var places: [String] = []

    init(_ changes: (file: String, old: String, new: String)...) throws {
        for change in changes { try self.change(change.file, change.old, change.new) }
    }

    mutating func change(_ file: String, _ old: String, _ new: String) throws {
        let text = try #require(files["Mpox/\(file)"])
        try #require(text.contains(old), "\(file) has no \(old)")
        add(file, text.replacing(old, with: new, maxReplacements: 1))
    }

    /// Adds a file, or puts another text in its place.
    mutating func add(_ file: String, _ text: String) {
        let path = "Mpox/\(file)"
        var (line, column) = (1, 1)
        var plain = ""
        for character in text {
            if MarkedProgram.marks.contains(character) {
                places.append("Surveillance/\(path):\(line):\(column)")
                continue
            }
            plain.append(character)
            (line, column) = character == "\n" ? (line + 1, 1) : (line, column + character.unicodeScalars.count)
        }
        files[path] = plain
    }

    /// The program where it holds together.
    func registry() throws -> ProgramRegistry { try TemporaryPrograms(files).registry() }

    /// Every mistake that the loader tells, or none where it takes the folder.
    func mistakes() throws -> [ProgramMistake] {
        let programs = try TemporaryPrograms(files)
        do throws(ProgramError) {
            _ = try programs.registry()
            return []
        } catch {
            return error.mistakes
        }
    }

    /// Expects one mistake at each mark, with these words in the marks' order, and no other.
    func expect(_ words: String..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        let mistakes = try mistakes()
        #expect(mistakes.map(\.place).sorted() == places.sorted(), sourceLocation: sourceLocation)
        for (place, word) in zip(places, words) {
            let here = mistakes.filter { $0.place == place }.map(\.message.en)
            #expect(here.contains { $0.contains(word) }, "\(place): \(here)", sourceLocation: sourceLocation)
        }
        for mistake in mistakes {
            #expect(mistake.message.zh != mistake.message.en, sourceLocation: sourceLocation)
        }
    }
}
