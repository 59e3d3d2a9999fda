/// A part of the country that a program tells apart, such as the south and the north of influenza surveillance.
public struct RegionZone: Hashable, Sendable {
    public var id: String
    public var title: BilingualText
    /// Two digits of GB/T 2260 each; a province is in one zone at most.
    public var provinces: [String]

    public init(id: String, title: BilingualText, provinces: [String]) {
        self.id = id
        self.title = title
        self.provinces = provinces
    }
}
