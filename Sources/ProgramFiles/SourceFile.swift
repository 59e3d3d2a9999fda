import Foundation
import JSON
import SurveillanceKit

/// A JSON file of a program's folder while it is read: its values, and what has been found wrong with it so far.
///
/// Reading goes on after a mistake, so that an author is told of all of them at once.
final class SourceFile {
    let shown: String
    /// Nil where the file is no JSON; the mistakes say why.
    let document: JSONDocument?
    private(set) var mistakes: [ProgramMistake] = []
    /// Whether it may hold comments and the like; its mistakes have a line then and no column.
    private let isSettings: Bool

    /// - Parameters:
    ///   - shown: what messages call the file.
    ///   - isSettings: it is a file of `Config/`, which may hold comments (JSON5).
    init(_ url: URL, shownAs shown: String, isSettings: Bool = false) {
        self.shown = shown
        self.isSettings = isSettings
        switch FolderFile.read(url) {
        case .unreadable(let reason):
            document = nil
            mistakes.append(ProgramMistake(file: shown, message: reason))
        case .bytes(let bytes):
            do throws(JSONError) {
                document = try JSONDocument(isSettings ? CommentedJSON.strict(bytes) : bytes)
            } catch {
                document = nil
                note(error)
            }
        }
    }

    /// A text that somebody has entered: as a file of `Config/`.
    init(text: String, shownAs shown: String) {
        self.shown = shown
        isSettings = true
        do throws(JSONError) {
            document = try JSONDocument(CommentedJSON.strict(Array(text.utf8)))
        } catch {
            document = nil
            note(error)
        }
    }

    private func note(_ error: JSONError) {
        mistakes.append(
            ProgramMistake(
                file: shown, line: error.position.line, column: isSettings ? nil : error.position.column,
                message: BilingualText(zh: error.zh, en: error.en)))
    }

    /// The object that the whole file is.
    func object() -> ObjectReader? { document.flatMap { ObjectReader($0.root, in: self) } }

    func note(_ offset: Int, _ zh: String, _ en: String) {
        let position = document?.position(of: offset)
        mistakes.append(
            ProgramMistake(
                file: shown, line: position?.line, column: isSettings ? nil : position?.column,
                message: BilingualText(zh: zh, en: en)))
    }

    /// `file:line` of a byte, for those who are told later where something stands.
    func place(of offset: Int) -> String { document.map { "\(shown):\($0.position(of: offset).line)" } ?? shown }

    /// A mistake at a character of a string's text, counted from 1.
    func note(character: Int, inStringAt offset: Int, _ message: BilingualText) {
        let position = document?.position(ofCharacter: character, inStringAt: offset)
        mistakes.append(
            ProgramMistake(
                file: shown, line: position?.line, column: isSettings ? nil : position?.column, message: message))
    }
}
