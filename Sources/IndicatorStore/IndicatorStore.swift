public import Database
public import Indicators
public import Records
public import SurveillanceKit

/// The figures of all programs, kept beside the records and in the same transactions.
///
/// How each submission moved each counter of its institution is kept for ever (`indicator_log`): by it every figure can be told as it was known
/// at any instant. The counters as they are now are kept by province and week as well (`indicator_week`), for series over years.
public struct IndicatorStore: Sendable {
    public let programs: [IndicatorProgram]
    let lineList: LineList
    let knownWeeks = KnownWeeks()

    public static let migrations = IndicatorSchema.migrations

    /// Brings names and numbers together; in a database with `migrations` applied.
    ///
    /// - Throws: `IndicatorError.changedWithoutVersion`.
    public init(_ compiled: [CompiledIndicators], _ lineList: LineList, in database: any SQLDatabase) throws {
        self.lineList = lineList
        programs = try database.writeBlockingAgain { transaction in
            try compiled.filter { !$0.definitions.isEmpty }.map { try IndicatorProgram($0, in: transaction) }
        }
    }

    public func program(_ id: String) throws(IndicatorError) -> IndicatorProgram {
        guard let found = programs.first(where: { $0.compiled.program.id == id }) else {
            throw .unknownProgram(id)
        }
        return found
    }
}

/// Where an institution's figures are counted.
public struct InstitutionPlace: Hashable, Sendable {
    /// Six digits of GB/T 2260; empty where the register does not know it.
    public var region: String
    public var level: Institution.Level?

    public init(region: String, level: Institution.Level?) {
        self.region = region
        self.level = level
    }

    public init(_ institution: Institution) { self.init(region: institution.region, level: institution.level) }

    /// - Parameter levelNumber: as it is kept.
    init(region: String, levelNumber: Int) {
        let levels = Institution.Level.allCases
        self.init(region: region, level: levels.indices.contains(levelNumber - 1) ? levels[levelNumber - 1] : nil)
    }

    /// The province and level under which figures are kept.
    var key: (province: Int64, level: Int) { (province, levelNumber) }

    /// 0 where it is not known.
    var levelNumber: Int { level.flatMap(Institution.Level.allCases.firstIndex).map { $0 + 1 } ?? 0 }
    /// The two digits of the province; 0 where it is not known.
    var province: Int64 { Int64(region.prefix(2)) ?? 0 }

    static let levelCount = Institution.Level.allCases.count + 1
}

/// A program's counters with the numbers under which the database knows them.
public struct IndicatorProgram: Sendable {
    public let compiled: CompiledIndicators
    /// By the counter's place.
    let numbers: [Int64]
    /// By the base's place.
    let bases: [Int64]
    /// Tells the declarations apart by which figures were worked out.
    public let declared: String

    init(_ compiled: CompiledIndicators, in transaction: any Transaction) throws {
        self.compiled = compiled
        let program = compiled.program
        func number(_ name: String, _ fingerprint: String) throws -> (Int64, known: String) {
            if let row = try transaction.firstRow(
                "SELECT number, fingerprint FROM indicator_name WHERE name = ?", [.text(name)])
            {
                return (try row[0], try row[1])
            }
            let number = try LineList.takeNumber(of: "indicator_name", in: transaction)
            try transaction.execute(
                "INSERT INTO indicator_name (number, name, fingerprint) VALUES (?, ?, ?)",
                [.integer(number), .text(name), .text(fingerprint)])
            return (number, fingerprint)
        }
        var all = "cells \(compiled.dimensions.sizes)"
        for dimension in program.dimensions { all += "\n\(Fingerprint.of(dimension))" }
        for definition in compiled.definitions {
            let fingerprint = Fingerprint.of(definition.indicator, program.concepts)
            guard try number(definition.name(in: program), fingerprint).known == fingerprint else {
                throw IndicatorError.changedWithoutVersion(
                    program: program.id, indicator: definition.indicator.id, version: definition.indicator.version)
            }
        }
        numbers = try compiled.counters.map { counter in
            let fingerprint = Fingerprint.of(counter, program.concepts)
            all += "\n\(fingerprint)"
            return try number("\(program.id)//\(fingerprint)", fingerprint).0
        }
        bases = try compiled.bases.map { base in
            let fingerprint = Fingerprint.of(base)
            all += "\n\(base.fileType) \(fingerprint)"
            return try number("\(program.id)/\(base.fileType)/\(fingerprint)", fingerprint).0
        }
        declared = Fingerprint.of(all)
    }
}
