import JSON
import SurveillanceKit
import Timeliness

extension ObjectReader {
    /// Notes what is wrong with an expression over an institution, at its character.
    func holdsTogether(_ text: String, _ name: String) -> Bool {
        do throws(InstitutionCondition.Fault) {
            _ = try InstitutionCondition(text)
            return true
        } catch {
            let message = BilingualText(
                zh: "\(subject.zh)'\(name)'：\(error.message.zh)", en: "\(subject.en)'\(name)': \(error.message.en)")
            source.note(character: error.character, inStringAt: value(name)?.offset ?? offset, message)
            return false
        }
    }
}
