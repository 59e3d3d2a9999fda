import JSON
import SurveillanceKit

/// Reads `zones`: the parts of the country by which indicators may be split.
struct ZoneReader {
    private(set) var zones: [RegionZone] = []

    init(_ object: ObjectReader) {
        for reader in object.objects("zones") {
            guard var reader else { continue }
            if case .string(let id)? = reader.value("id")?.content {
                reader.subject = BilingualText(zh: "片区 \(id)：", en: "zone \(id): ")
            }
            reader.allow(["id", "title", "provinces"])
            let (id, title) = (reader.string("id", like: .rule), reader.text("title"))
            let provinces = reader.strings("provinces", isNeeded: true)
            for province in provinces where !ZoneReader.isProvince(province) {
                reader.fault(
                    "provinces", "'\(province)' 不是省级行政区划代码的前两位，如 43",
                    "'\(province)' is not the two digits of a province, such as 43")
            }
            if let other = zones.first(where: { !Set($0.provinces).isDisjoint(with: provinces) }) {
                let common = provinces.filter(other.provinces.contains).joined(separator: ", ")
                reader.fault(
                    "provinces", "\(common) 已属于片区 '\(other.id)'", "\(common) belongs to zone '\(other.id)' already")
            }
            guard let id, let title else { continue }
            if zones.contains(where: { $0.id == id }) {
                reader.fault("id", "这个 id 出现两次", "this id stands twice")
                continue
            }
            zones.append(RegionZone(id: id, title: title, provinces: provinces))
        }
    }

    private static func isProvince(_ text: String) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } && text.utf8.first != 0x30
    }
}
