import Institutions
import SurveillanceKit

/// The names of provinces; smaller regions are told by their codes.
enum RegionName {
    /// `湖南（43）`, `Hunan (43)`; of a smaller region its province and its code.
    static func of(_ code: String, _ reader: Reader) -> String {
        guard let name = ProvinceName.of(code) else { return code }
        let text = reader.say(name)
        return reader.say("\(text)（\(code)）", "\(text) (\(code))")
    }
}
