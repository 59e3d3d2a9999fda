import Expressions
import SurveillanceKit

/// A numerator or a denominator.
private struct CompiledPart {
    var condition: CompiledCondition
    var amount: Counter.Amount
}

/// Collects what the definitions of a program ask of which file type, each condition and value once.
struct IndicatorBuilder {
    private let program: Program
    private let checks: [NamedCheck]
    private let dimensions: DimensionTable
    private(set) var mistakes: [IndicatorMistake] = []
    private var definitions: [CompiledIndicator] = []
    private var counters: [Counter] = []
    private var bases: [BaseType] = []
    private var types: [String: TypeBuilder] = [:]

    /// Where in the declaration the builder is.
    private struct Place {
        var indicator: Int
        var earlier: Int?
        var path: [String]

        func at(_ further: String...) -> Place {
            var place = self
            place.path += further
            return place
        }
    }

    init(_ program: Program, checks: [NamedCheck], dimensions: DimensionTable) {
        self.program = program
        self.checks = checks
        self.dimensions = dimensions
    }

    mutating func add(_ indicator: Indicator, at number: Int, earlier: Int?) {
        let place = Place(indicator: number, earlier: earlier, path: [])
        let count = mistakes.count
        // Nothing of a definition with mistakes is kept: what it asked for is forgotten with it.
        let before = (definitions, counters, bases, types)
        compile(indicator, place)
        if mistakes.count > count { (definitions, counters, bases, types) = before }
    }

    private mutating func compile(_ indicator: Indicator, _ place: Place) {
        let count = mistakes.count
        guard let fileType = program.fileType(indicator.over) else {
            let known = program.fileTypes.map(\.id).joined(separator: ", ")
            return refuse(
                place.at("over"), zh: "没有文件类型 '\(indicator.over)'；本方案有 \(known)",
                en: "there is no file type '\(indicator.over)'; the program has \(known)")
        }
        let base = base(of: fileType)
        guard let day = day(of: indicator, fileType, base, place) else { return }
        for (number, id) in indicator.dimensions.enumerated() {
            requireDimension(id, fileType, place.at("dimensions", "\(number)"))
        }
        let valid = indicator.valid.map { condition($0, fileType, base, place.at("valid")) } ?? CompiledCondition()
        var numerator = part(indicator.numerator, fileType, base, place.at("numerator"))
        numerator.condition = valid.and(numerator.condition)
        var denominator: CompiledPart?
        if let declared = indicator.denominator {
            var part = part(declared, fileType, base, place.at("denominator"))
            part.condition = valid.and(part.condition)
            // Those of the numerator are counted among those of the denominator, so that a share is never above 1.
            if indicator.kind == .share { numerator.condition = part.condition.and(numerator.condition) }
            denominator = part
        }
        requireRoom(fileType, base, place)
        guard mistakes.count == count else { return }
        switch indicator.kind {
        case .count, .percentile, .distinct: break
        case .sum, .mean:
            // How many records stand behind the sum.
            denominator = numerator
            if case .value(let value) = numerator.amount { denominator?.amount = .known(value) }
            if case .fact = numerator.amount { denominator?.amount = .one }
        case .share, .ratio: break
        }
        definitions.append(
            CompiledIndicator(
                indicator: indicator, base: base,
                numerator: counter(numerator, day, fileType, base, keepsValues: indicator.keepsValues),
                denominator: denominator.map { counter($0, day, fileType, base, keepsValues: false) }))
    }

    /// The place of the counter of a part, which another definition may have asked for.
    private mutating func counter(
        _ part: CompiledPart, _ day: Int, _ fileType: FileType, _ base: Int, keepsValues: Bool
    ) -> Int {
        guard let type = types[fileType.id] else { return 0 }
        let conditions = part.condition.conditions.map { type.conditions[$0].source }.sorted()
        let facts = part.condition.facts.map { "\(bases[base].factNames[$0.place]) ≥ \($0.atLeast)" }.sorted()
        let amount =
            switch part.amount {
            case .one: "1"
            case .value(let place): "value of \(type.text(of: place))"
            case .known(let place): "known \(type.text(of: place))"
            case .fact(let place): "sum of \(bases[base].factNames[place])"
            }
        let text = """
            \(fileType.id) by \(fileType.fields[bases[base].days[day]].name): \(keepsValues ? "each " : "")\(amount) \
            where \(conditions) having \(facts)
            """
        if let known = counters.firstIndex(where: { $0.text == text }) { return known }
        bases[base].counters.append(counters.count)
        counters.append(
            Counter(
                base: base, text: text, coding: EntryCoding(keepsValues: keepsValues), condition: part.condition,
                day: day, amount: part.amount))
        return counters.count - 1
    }

    private mutating func requireRoom(_ fileType: FileType, _ base: Int, _ place: Place) {
        if (types[fileType.id]?.conditions.count ?? 0) > JudgedRow.maximumConditions {
            refuse(
                place.at("over"),
                zh: "对文件类型 '\(fileType.id)' 的不同条件超过 \(JudgedRow.maximumConditions) 个",
                en:
                    "there are more than \(JudgedRow.maximumConditions) different conditions over file type '\(fileType.id)'"
            )
        }
        if bases[base].days.count > JudgedRow.maximumDays {
            refuse(
                place.at("eventDate"),
                zh: "文件类型 '\(fileType.id)' 的指标用到超过 \(JudgedRow.maximumDays) 个不同的 'eventDate'",
                en:
                    "indicators over file type '\(fileType.id)' have more than \(JudgedRow.maximumDays) different 'eventDate's"
            )
        }
        if dimensions.count > DimensionTable.maximumCount {
            refuse(
                place.at("dimensions"),
                zh: "本方案各维度的组合有 \(dimensions.count) 种，最多 \(DimensionTable.maximumCount) 种：请减少分组",
                en:
                    "the program's dimensions have \(dimensions.count) combinations, more than \(DimensionTable.maximumCount): declare fewer groups"
            )
        }
    }

    // MARK: What a definition names

    private mutating func base(of fileType: FileType) -> Int {
        if let known = bases.firstIndex(where: { $0.fileType == fileType.id }) { return known }
        let fields = program.dimensions.map { $0.fields[fileType.id].flatMap(fileType.fieldIndex) }
        bases.append(BaseType(fileType: fileType.id, dimensionFields: fields))
        // A program without dimensions asks for no field here, and the type is read all the same.
        var type = types[fileType.id] ?? TypeBuilder(fileType, checks)
        for field in fields { type.want(field) }
        types[fileType.id] = type
        return bases.count - 1
    }

    private mutating func day(
        of indicator: Indicator, _ fileType: FileType, _ base: Int, _ place: Place
    ) -> Int? {
        guard let name = indicator.eventDate ?? fileType.eventDate else {
            refuse(
                place.at("over"), zh: "文件类型 '\(fileType.id)' 没有 'eventDate'：请在指标中写明 'eventDate'",
                en: "file type '\(fileType.id)' has no 'eventDate': give the indicator one")
            return nil
        }
        guard let field = fileType.fieldIndex(name) else {
            refuse(
                place.at("eventDate"), zh: "文件类型 '\(fileType.id)' 没有字段 '\(name)'",
                en: "file type '\(fileType.id)' has no field '\(name)'")
            return nil
        }
        let isDay = fileType.fields[field].type == .date || fileType.fields[field].type == .datetime
        guard isDay, fileType.fields[field].deidentify == .keep else {
            refuse(
                place.at("eventDate"), zh: "字段 '\(name)' 不是原样保存的日期或时间",
                en: "field '\(name)' is not a date or time that is stored as it is")
            return nil
        }
        types[fileType.id]?.want(field)
        if let known = bases[base].days.firstIndex(of: field) { return known }
        bases[base].days.append(field)
        return bases[base].days.count - 1
    }

    private mutating func requireDimension(_ id: String, _ fileType: FileType, _ place: Place) {
        guard let dimension = program.dimensions.first(where: { $0.id == id }) else {
            let known = program.dimensions.map(\.id).joined(separator: ", ")
            return refuse(
                place, zh: "没有维度 '\(id)'；本方案有 \(known)",
                en: "there is no dimension '\(id)'; the program has \(known.isEmpty ? "none" : known)")
        }
        guard dimension.fields[fileType.id] == nil else { return }
        refuse(
            place, zh: "维度 '\(id)' 没有写明文件类型 '\(fileType.id)' 的字段",
            en: "dimension '\(id)' names no field of file type '\(fileType.id)'")
    }

    // MARK: Parts and conditions

    private mutating func part(
        _ part: IndicatorPart, _ fileType: FileType, _ base: Int, _ place: Place
    ) -> CompiledPart {
        var amount = Counter.Amount.one
        switch part.aggregate {
        case .count: break
        case .sum(let value, let child?):
            if let fact = fact(of: child, when: part.condition.when, value: value, fileType, base, place.at("sum")) {
                amount = .fact(fact)
            }
            // Its condition is about the children; those of records stand in `valid`.
            return CompiledPart(
                condition: condition(
                    IndicatorCondition(having: part.condition.having), fileType, base, place), amount: amount)
        case .sum(let value, nil): amount = .value(self.value(value, fileType, base, place.at("sum")))
        case .mean(let value): amount = .value(self.value(value, fileType, base, place.at("mean")))
        case .percentile(let percent, let value):
            if !(1...99).contains(percent) {
                refuse(
                    place.at("percentile"), zh: "百分位数应在 1 到 99 之间", en: "a percentile is from 1 to 99")
            }
            amount = .value(self.value(value, fileType, base, place.at(percent == 50 ? "median" : "of")))
        case .distinct(let name):
            amount = .value(distinct(name, fileType, base, place.at("distinct")))
        }
        return CompiledPart(condition: condition(part.condition, fileType, base, place), amount: amount)
    }

    private mutating func condition(
        _ condition: IndicatorCondition, _ fileType: FileType, _ base: Int, _ place: Place
    ) -> CompiledCondition {
        var compiled = CompiledCondition()
        if let when = condition.when {
            do throws(Refusal) {
                compiled.conditions = [try type(fileType) { type throws(Refusal) in try type.condition(when) }]
            } catch { refuse(place.at("when"), error.message) }
        }
        for (number, child) in condition.having.enumerated() {
            let place = place.at("having", "\(number)")
            if let fact = fact(of: child.fileType, when: child.when, value: nil, fileType, base, place) {
                compiled.facts.insert(CompiledCondition.Fact(place: fact, atLeast: Int64(child.atLeast)))
            }
        }
        return compiled
    }

    private mutating func value(
        _ value: IndicatorValue, _ fileType: FileType, _ base: Int, _ place: Place
    ) -> Int {
        do throws(Refusal) {
            return try type(fileType) { type throws(Refusal) in try type.value(value) }
        } catch {
            refuse(place, error.message)
            return 0
        }
    }

    private mutating func distinct(_ name: String, _ fileType: FileType, _ base: Int, _ place: Place) -> Int {
        guard let field = fileType.fieldIndex(name), StoredKind(fileType.fields[field]) != nil else {
            refuse(
                place, zh: "文件类型 '\(fileType.id)' 没有保存字段 '\(name)'",
                en: "file type '\(fileType.id)' has no field '\(name)' that is stored")
            return 0
        }
        return types[fileType.id, default: TypeBuilder(fileType, checks)].digest(of: field)
    }

    /// The place of a fact about children; nil where they do not refer to the base.
    private mutating func fact(
        of child: String, when: String?, value: IndicatorValue?, _ fileType: FileType, _ base: Int, _ place: Place
    ) -> Int? {
        guard let childType = program.fileType(child) else {
            refuse(
                place.at("in"), zh: "没有文件类型 '\(child)'", en: "there is no file type '\(child)'")
            return nil
        }
        let links = childType.foreignKeys.flatMap(\.links).filter { $0.fileType == fileType.id }
        guard let link = links.first else {
            refuse(
                place.at("in"), zh: "文件类型 '\(child)' 没有指向 '\(fileType.id)' 的 foreignKeys",
                en: "file type '\(child)' has no foreign key to '\(fileType.id)'")
            return nil
        }
        let parents = link.parentFields.compactMap(fileType.fieldIndex)
        let children = link.fields.compactMap(childType.fieldIndex)
        if bases[base].link.isEmpty { bases[base].link = parents }
        // One order of the fields for all children, the first child's.
        guard Set(parents) == Set(bases[base].link), parents.count == children.count else {
            refuse(
                place.at("in"),
                zh: "'\(child)' 与其他子文件指向 '\(fileType.id)' 所用的字段不同，不能在同一个方案的指标中并用",
                en: "'\(child)' refers to '\(fileType.id)' by other fields than another child does; one set can be kept"
            )
            return nil
        }
        let ordered = bases[base].link.map { children[parents.firstIndex(of: $0) ?? 0] }
        for field in bases[base].link { types[fileType.id]?.want(field) }
        type(childType) { $0.refer(to: base, by: ordered) }
        var asked: (condition: Int?, value: Int?) = (nil, nil)
        do throws(Refusal) {
            if let when { asked.condition = try type(childType) { type throws(Refusal) in try type.condition(when) } }
        } catch { refuse(place.at("when"), error.message) }
        do throws(Refusal) {
            if let value { asked.value = try type(childType) { type throws(Refusal) in try type.value(value) } }
        } catch { refuse(place.at("of"), error.message) }
        let fact = ChildFact(fileType: child, condition: asked.condition, value: asked.value)
        if let known = bases[base].facts.firstIndex(of: fact) { return known }
        bases[base].facts.append(fact)
        bases[base].factNames.append(
            "\(child) \(when ?? "") \(value.map { "\($0.expression) .\($0.decimals)" } ?? "")")
        return bases[base].facts.count - 1
    }

    private mutating func type<T, Failure>(
        _ fileType: FileType, _ body: (inout TypeBuilder) throws(Failure) -> T
    ) throws(Failure) -> T {
        var type = types[fileType.id] ?? TypeBuilder(fileType, checks)
        defer { types[fileType.id] = type }
        return try body(&type)
    }

    private mutating func refuse(_ place: Place, zh: String, en: String) {
        refuse(place, BilingualText(zh: zh, en: en))
    }

    private mutating func refuse(_ place: Place, _ message: BilingualText) {
        mistakes.append(
            IndicatorMistake(
                indicator: place.indicator, earlier: place.earlier, path: place.path, message: message))
    }

    // MARK: The end

    func finish() -> ([CompiledIndicator], [Counter], [BaseType], [String: RowReading]) {
        var bases = bases
        for place in bases.indices {
            bases[place].conditionCount = types[bases[place].fileType]?.conditions.count ?? 0
            bases[place].valueCount = types[bases[place].fileType]?.values.count ?? 0
            var facts: [CompiledCondition.Fact] = []
            bases[place].steps = bases[place].counters.map { CounterStep(counters[$0], &facts) }
            bases[place].factConditions = facts
        }
        return (definitions, counters, bases, types.mapValues(\.reading))
    }
}
