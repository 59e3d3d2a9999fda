import Database
import Indicators
import SurveillanceKit

/// How a query's cells are numbered: period, then groups and level, then place.
struct FigurePlan {
    let first: Int32
    let last: Int32
    /// For each day from the first on the number of its period.
    private(set) var periodOfDay: [Int32] = []
    private(set) var periods: [CivilDate] = []
    /// For each combination of groups, times the levels, its number; -1 for one that does not count.
    private(set) var groupOfCell: [Int32] = []
    private(set) var groupNames: [(groups: [String], level: Int?)] = []
    /// For each institution that counts the number of its place.
    private(set) var institutions: [Int64: (place: Int32, level: Int32)] = [:]
    private(set) var places: [String] = []
    /// For each province that counts the number of its place, where provinces suffice.
    private(set) var provinces: [Int64: Int32] = [:]
    /// Whether what is kept by province and week answers the query.
    let usesRollUp: Bool
    var cellCount: Int { periods.count * groupNames.count * places.count }

    init(_ query: FigureQuery, _ program: IndicatorProgram, _ connection: any Connection) throws {
        first = Int32(query.days.lowerBound.daysSince1970)
        last = Int32(query.days.upperBound.daysSince1970)
        var usesRollUp = query.asOf == nil
        // What is rolled up is rolled up by province: nobody who oversees a part of one is told of the whole.
        for scope in [query.scope, query.overseen] {
            switch scope {
            case .nation: break
            case .region(let region): usesRollUp = usesRollUp && region.prefix.count == 2
            case .institution, .nothing: usesRollUp = false
            }
        }
        switch query.place {
        case .region(let digits)?: usesRollUp = usesRollUp && digits == 2
        case .institution?: usesRollUp = false
        case .zone?, nil: break
        }
        self.usesRollUp = usesRollUp
        numberPeriods(query)
        try numberGroups(query, program)
        try numberPlaces(query, program, connection)
        guard cellCount <= FigureQuery.mostCells else {
            throw IndicatorError.tooMany(cells: cellCount)
        }
    }

    @inline(__always)
    func number(period: Int32, group: Int32, place: Int32) -> Int {
        (Int(period) * groupNames.count + Int(group)) * places.count + Int(place)
    }

    private mutating func numberPeriods(_ query: FigureQuery) {
        var end: Int?
        for day in first...last {
            let date = CivilDate(daysSince1970: Int(day))
            if let end, date.daysSince1970 <= end {
                periodOfDay.append(Int32(periods.count - 1))
                continue
            }
            let period = query.by.map { FigurePeriod($0, holding: date) }
            let start = period?.first ?? query.days.lowerBound
            end = (period?.last ?? query.days.upperBound).daysSince1970
            if periods.last != start { periods.append(start) }
            periodOfDay.append(Int32(periods.count - 1))
        }
    }

    private mutating func numberGroups(_ query: FigureQuery, _ program: IndicatorProgram) throws {
        let table = program.compiled.dimensions
        func place(_ id: String) throws -> Int {
            guard let place = table.place(of: id) else {
                throw IndicatorError.unknownDimension(id, known: table.dimensions.map(\.id))
            }
            return place
        }
        let split = try query.dimensions.map(place)
        var allowed: [Int: Set<Int>] = [:]
        for (id, wanted) in query.groups {
            let dimension = try place(id)
            let ids = (0..<table.sizes[dimension]).map { table.id(of: $0, in: dimension) }
            allowed[dimension] = Set(
                try wanted.map { name in
                    guard let group = ids.firstIndex(of: name) else {
                        throw IndicatorError.unknownGroup(name, dimension: id, known: ids)
                    }
                    return group
                })
        }
        let levels = query.levels.map {
            Set($0.compactMap { Institution.Level.allCases.firstIndex(of: $0) }.map { $0 + 1 })
        }
        var numbers: [[Int]: Int32] = [:]
        for cell in 0..<table.count {
            let isOut = allowed.contains { !$0.value.contains(table.group(of: cell, in: $0.key)) }
            for level in 0..<InstitutionPlace.levelCount {
                guard !isOut, levels?.contains(level) ?? true else {
                    groupOfCell.append(-1)
                    continue
                }
                let key = split.map { table.group(of: cell, in: $0) } + (query.splitsByLevel ? [level] : [])
                if let known = numbers[key] {
                    groupOfCell.append(known)
                } else {
                    numbers[key] = Int32(groupNames.count)
                    groupOfCell.append(Int32(groupNames.count))
                    groupNames.append(
                        (
                            split.map { table.id(of: table.group(of: cell, in: $0), in: $0) },
                            query.splitsByLevel ? level : nil
                        ))
                }
            }
        }
    }

    private mutating func numberPlaces(
        _ query: FigureQuery, _ program: IndicatorProgram, _ connection: any Connection
    ) throws {
        var numbers: [String: Int32] = [:]
        func number(_ name: String) -> Int32 {
            if let known = numbers[name] { return known }
            numbers[name] = Int32(places.count)
            places.append(name)
            return Int32(places.count - 1)
        }
        func name(_ region: String, _ code: String) -> String {
            switch query.place {
            case .region(let digits)?: String(region.prefix(digits))
            case .zone(let zones)?: zones[String(region.prefix(2))] ?? ""
            case .institution?: code
            case nil: ""
            }
        }
        try connection.forEachRow(
            """
            SELECT i.institution, i.region, i.level, r.code FROM indicator_institution AS i \
            JOIN record_institution AS r ON r.number = i.institution WHERE i.program = ? ORDER BY i.region, r.code
            """, [.text(program.compiled.program.id)]
        ) { row in
            let (region, code): (String, String) = (try row[1], try row[3])
            let known = region.isEmpty ? nil : region
            guard query.scope.covers(institution: code, in: known), query.overseen.covers(institution: code, in: known)
            else { return }
            let place = number(name(region, code))
            let level: Int = try row[2]
            institutions[try row[0]] = (place, Int32(level))
            provinces[Int64(region.prefix(2)) ?? 0] = place
        }
    }
}
