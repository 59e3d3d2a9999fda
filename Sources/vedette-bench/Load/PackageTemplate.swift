import SurveillanceKit

/// A table that every institution sends as its own: the same rows, each time with another code of the institution.
struct PackageTemplate: Sendable {
    private let bytes: [UInt8]
    /// Where the code stands, in order.
    private let places: [Int]
    private static let code = Array(Deployment.code(0).utf8)

    var size: Int { bytes.count }
    let rows: Int

    /// Whole rows of the maker, up to a number of rows or bytes.
    init(
        _ fileType: FileType, _ maker: some RowMaker, rows: Int = .max, bytes maximumBytes: Int = .max, seed: UInt64 = 1
    ) {
        var maker = maker
        var random = SeededRandom(seed: seed)
        var row = TableRow(fileType)
        var bytes = Array(fileType.fields.map(\.name).joined(separator: ",").utf8) + [0x0A]
        var places: [Int] = []
        var count = 0
        while count < rows {
            row.clear()
            maker.fill(&row, number: count, &random)
            if let field = fileType.institutionField { row[field] = Deployment.code(0) }
            let start = bytes.count
            row.append(to: &bytes)
            guard bytes.count <= maximumBytes else {
                bytes.removeSubrange(start...)
                break
            }
            if let place = bytes[start...].firstRange(of: Self.code) { places.append(place.lowerBound) }
            count += 1
        }
        self.bytes = bytes
        self.places = places
        self.rows = count
    }

    /// The bytes from an offset on, up to a quarter of a megabyte, as that institution sends them.
    func piece(from offset: Int, institution: Int) -> [UInt8] {
        let end = min(offset + 262_144, bytes.count)
        var piece = Array(bytes[offset..<end])
        let code = Array(Deployment.code(institution).utf8)
        var index = firstPlace(after: offset - code.count)
        while index < places.count, places[index] < end {
            for (position, byte) in zip(places[index]..., code) where (offset..<end).contains(position) {
                piece[position - offset] = byte
            }
            index += 1
        }
        return piece
    }

    private func firstPlace(after offset: Int) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
