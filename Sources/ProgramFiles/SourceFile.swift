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

    /// - Parameter shown: what messages call the file.
    init(_ url: URL, shownAs shown: String) {
        self.shown = shown
        switch FolderFile.read(url) {
        case .unreadable(let reason):
            document = nil
            mistakes.append(ProgramMistake(file: shown, message: reason))
        case .bytes(let bytes):
            do throws(JSONError) {
                document = try JSONDocument(bytes)
            } catch {
                document = nil
                mistakes.append(
                    ProgramMistake(
                        file: shown, line: error.position.line, column: error.position.column,
                        message: BilingualText(zh: error.zh, en: error.en)))
            }
        }
    }

    /// The object that the whole file is.
    func object() -> ObjectReader? { document.flatMap { ObjectReader($0.root, in: self) } }

    func note(_ offset: Int, _ zh: String, _ en: String) {
        let position = document?.position(of: offset)
        mistakes.append(
            ProgramMistake(
                file: shown, line: position?.line, column: position?.column, message: BilingualText(zh: zh, en: en)))
    }
}
