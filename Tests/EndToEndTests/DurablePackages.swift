import Foundation

/// Any number of packages, each with visits of its own.
struct NumberedPackages {
    private let table: SampleTable

    init() throws { table = try SampleTable("FeverClinic", "fever") }

    subscript(number: Int) -> Data {
        var own = table
        own.rows = table.rows.prefix(20).enumerated().map { index, row in
            var row = row
            if let column = table.column("P7000") { row[column] = "S\(number)-\(index)" }
            if let column = table.column("P7502") { row[column] = "M\(number)-\(index)" }
            // One in ten is rejected.
            if index % 10 == 9, let column = table.column("P7506") { row[column] = "gestern" }
            return row
        }
        var zip = StoredZip()
        zip.add(Array("fever_\(number).csv".utf8), own.csv)
        return zip.data
    }
}
