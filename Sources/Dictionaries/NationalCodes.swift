import SurveillanceKit

/// A national code that a local one may stand for.
public struct CodeCandidate: Hashable, Sendable {
    public var code: String
    public var name: String
    /// From 0 to 1.
    public var score: Double
    /// How many other institutions have chosen it for a code of this name.
    public var chosenBy: Int

    public init(code: String, name: String, score: Double, chosenBy: Int) {
        self.code = code
        self.name = name
        self.score = score
        self.chosenBy = chosenBy
    }
}

/// The national list of one category: which codes there are, and which of them a local code may stand for.
public struct NationalCodes: Sendable {
    /// In the list's order.
    public let entries: [CodeEntry]
    /// Entries by their code, in the form in which codes are compared.
    private let byCode: [[UInt8]: Int]
    /// Entries by their code without the signs between.
    private let byBareCode: [[UInt8]: [Int32]]
    /// The codes of the entries in the form in which codes are compared, and without the signs between.
    private let codes: [(plain: [UInt8], bare: [UInt8])]
    private let names: NameIndex

    /// So many names are compared closely; they share the most sounds with what is asked for.
    private static let comparedClosely = 60
    /// What is less alike is no candidate: one character of many in common.
    private static let leastScore = 0.1

    public init(_ entries: [CodeEntry]) {
        self.entries = entries
        var byCode: [[UInt8]: Int] = [:]
        var byBareCode: [[UInt8]: [Int32]] = [:]
        var codes: [(plain: [UInt8], bare: [UInt8])] = []
        codes.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            let code = CodeText.plain(entry.code.utf8)
            let bare = NationalCodes.bare(code)
            if byCode[code] == nil { byCode[code] = index }
            byBareCode[bare, default: []].append(Int32(index))
            codes.append((code, bare))
        }
        self.byCode = byCode
        self.byBareCode = byBareCode
        self.codes = codes
        names = NameIndex(entries.map { NameForm($0.name) })
    }

    /// Whether a code is in the list, brought into the form in which codes are compared.
    public func contains(plain code: [UInt8]) -> Bool { byCode[code] != nil }

    /// The entry of a code in the form in which codes are compared.
    public func entry(plain code: [UInt8]) -> CodeEntry? { byCode[code].map { entries[$0] } }

    /// The entry of a code, however it is written.
    public func entry(_ code: String) -> CodeEntry? { byCode[CodeText.plain(code.utf8)].map { entries[$0] } }

    /// The codes that a local one most likely stands for, the likeliest first; see `CodeRanking`.
    public func candidates(
        for local: CodeEntry, chosen: [[UInt8]: Int] = [:], limit: Int = 3
    ) -> [CodeCandidate] {
        var ranking = CodeRanking(self)
        return ranking.candidates(for: local, chosen: chosen, limit: limit)
    }

    /// - Parameter weights: as many zeros as there are entries, zeros again afterwards.
    fileprivate func candidates(
        for local: CodeEntry, chosen: [[UInt8]: Int], limit: Int, _ weights: inout [Float]
    ) -> [CodeCandidate] {
        let code = CodeText.plain(local.code.utf8)
        let bare = NationalCodes.bare(code)
        let form = NameIndex.Form(NameForm(local.name))
        var wanted = Set(names.like(form, most: NationalCodes.comparedClosely, &weights))
        if let index = byCode[code] { wanted.insert(Int32(index)) }
        // `J10.100x005` is a local extension of `J10.100`, whose beginning alone is national.
        var beginning = bare[...]
        while beginning.count >= 3 {
            if let found = byBareCode[Array(beginning)] {
                wanted.formUnion(found.prefix(20))
                break
            }
            beginning.removeLast()
        }
        for code in chosen.keys { if let index = byCode[code] { wanted.insert(Int32(index)) } }
        let ranked = wanted.map { index -> (index: Int, score: Double, chosenBy: Int) in
            let own = codes[Int(index)]
            let chosenBy = chosen.isEmpty ? 0 : chosen[own.plain] ?? 0
            let likeness = names.likeness(of: form, to: Int(index))
            let score =
                likeness * 0.6 + (likeness == 1 ? 0.1 : 0) + NationalCodes.likeness((code, bare), own) * 0.3
                + min(0.1, 0.05 * Double(chosenBy))
            return (Int(index), min(score, 1), chosenBy)
        }
        return ranked.filter { $0.score >= NationalCodes.leastScore }.sorted {
            ($1.score, $0.index) < ($0.score, $1.index)
        }.prefix(limit).map { entry in
            CodeCandidate(
                code: entries[entry.index].code, name: entries[entry.index].name, score: entry.score,
                chosenBy: entry.chosenBy)
        }
    }

    /// How alike two codes are: the same, the same without signs, or one the beginning of the other.
    private static func likeness(
        _ local: (plain: [UInt8], bare: [UInt8]), _ other: (plain: [UInt8], bare: [UInt8])
    ) -> Double {
        if local.plain == other.plain { return 1 }
        let (bare, bareOther) = (local.bare, other.bare)
        if bare == bareOther { return 0.9 }
        // `J10.100x005` is the institution's own part of `J10.100`.
        if bareOther.count >= 4, bare.starts(with: bareOther) { return 0.9 }
        let common = zip(bare, bareOther).prefix { $0 == $1 }.count
        guard common >= 3 else { return 0 }
        return 0.8 * Double(common) / Double(max(bare.count, bareOther.count))
    }

    private static func bare(_ code: [UInt8]) -> [UInt8] {
        code.filter { byte in (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || byte >= 0x80 }
    }
}

/// Ranks the codes of a national list for one local code after another; the list is shared, what is worked with is not.
public struct CodeRanking {
    private let national: NationalCodes
    private var weights: [Float]

    public init(_ national: NationalCodes) {
        self.national = national
        weights = Array(repeating: 0, count: national.entries.count)
    }

    /// The codes that a local one most likely stands for, the likeliest first: by code, by name, and by what others chose.
    ///
    /// - Parameters:
    ///   - chosen: by national code in the form in which codes are compared, how many others have chosen it for this name.
    ///   - limit: how many are given at most.
    /// - Complexity: what the names that share a rare sound with it are.
    public mutating func candidates(
        for local: CodeEntry, chosen: [[UInt8]: Int] = [:], limit: Int = 3
    ) -> [CodeCandidate] {
        national.candidates(for: local, chosen: chosen, limit: limit, &weights)
    }
}
