import Foundation
import SurveillanceKit

/// Looks at cells that are wrong as they stand, or suspicious: which are empty but for a word, and which are right without what a
/// spreadsheet or a tool has put into them.
///
/// What is taken out or filled in is noted, for one warning a file. Right cells never come here. One repair belongs to one `CellReader`.
final class CellRepair {
    enum Outcome {
        /// It may stand as it is.
        case right
        /// It is right, read as this text, which is good until `forgetTexts`.
        case text(UnsafeBufferPointer<UInt8>)
        /// It is empty.
        case blank
        case fault(CellFault)
    }

    private let type: CompiledFileType
    private let day: CivilDate
    private lazy var zone = TimeZone(identifier: type.program.timeZone)
    /// Of the row under check.
    private var notes = CellNotes()
    private var settled = CellNotes()
    /// Texts of the row under check.
    private var texts: [UnsafeMutableBufferPointer<UInt8>] = []

    init(_ type: CompiledFileType, receivedOn day: CivilDate) {
        self.type = type
        self.day = day
    }

    deinit { forgetTexts() }

    func takeNotes() -> CellNotes? {
        guard !settled.isEmpty else { return nil }
        defer { settled = CellNotes() }
        return settled
    }

    /// Counts the row's notes, or drops them.
    func settleNotes(isWhole: Bool) {
        guard !notes.isEmpty else { return }
        if isWhole { settled.add(notes) }
        notes = CellNotes()
    }

    /// The row is over: nothing points into its texts any more.
    func forgetTexts() {
        for text in texts { text.deallocate() }
        texts.removeAll(keepingCapacity: true)
    }

    /// - Parameters:
    ///   - fault: what is wrong with it as it stands.
    ///   - bits: its value, where it parsed; the value of what it is read as.
    ///   - judge: judges another text of the field; writes its value.
    func look(
        at text: UnsafeBufferPointer<UInt8>, of index: Int, _ fault: CellFault?, bits: inout UInt64,
        judge: (UnsafeBufferPointer<UInt8>) -> CellFault?
    ) -> Outcome {
        let field = type.fields[index]
        let kind = field.check.kind
        if fault != .future, type.missingWords.contains(text, isText: kind.isText), !field.lists(text) {
            return word(text, of: index)
        }
        switch kind {
        case .day, .moment:
            guard fault == .type || fault == .future else { break }
            return moment(text, of: index, isParsed: fault == .future, bits: &bits)
        case .integer, .number, .boolean:
            if kind == .integer, field.isKey, IdentifierText.isScientific(text) { return lost() }
            let cleaned = IdentifierText.cleaned(text, narrowing: .none)
            return accept([cleaned], for: text, of: index, fault, judge)
        case .code, .codes:
            guard fault != nil else { break }
            var codes = [IdentifierText.cleaned(text, narrowing: .lettersAndDigits)]
            var whole = codes[0]
            if IdentifierText.dropPointZero(&whole) { codes.append(whole) }
            let outcome = accept(codes, for: text, of: index, fault, judge)
            if case .fault = outcome { noteMarks(ofWrongCode: text, field.field) }
            return outcome
        case .text:
            return self.text(text, of: index, fault, judge)
        }
        return fault.map { .fault($0) } ?? .right
    }

    // MARK: Words for nothing

    private func word(_ text: UnsafeBufferPointer<UInt8>, of index: Int) -> Outcome {
        let word = String(decoding: text, as: UTF8.self)
        if word.hasPrefix("#") { notes.note(.errorValue) }
        let field = type.fields[index]
        if field.isKey || field.field.constraints.isRequired { return .fault(.missingWord) }
        notes.note(.word, field: index, word: word)
        return .blank
    }

    private func empty(_ index: Int, _ artefacts: IdentifierText.Artefacts) -> Outcome {
        if type.fields[index].field.constraints.isRequired { return .fault(.required) }
        notes.note(artefacts: artefacts, field: index)
        return .blank
    }

    // MARK: Texts and numbers

    /// The first of some readings that is right, or else the cell as it stands.
    private func accept(
        _ readings: [IdentifierText.Cleaned], for text: UnsafeBufferPointer<UInt8>, of index: Int, _ fault: CellFault?,
        _ judge: (UnsafeBufferPointer<UInt8>) -> CellFault?
    ) -> Outcome {
        for reading in readings where !text.elementsEqual(reading.text) {
            if reading.text.isEmpty { return empty(index, reading.artefacts) }
            let kept = keep(reading.text)
            guard judge(kept) == nil else { continue }
            notes.note(artefacts: reading.artefacts, field: index)
            return .text(kept)
        }
        guard fault != nil else { return .right }
        // The value of the cell as it stands: where its fault only warns, rules see it.
        return judge(text).map { .fault($0) } ?? .right
    }

    private func text(
        _ text: UnsafeBufferPointer<UInt8>, of index: Int, _ fault: CellFault?,
        _ judge: (UnsafeBufferPointer<UInt8>) -> CellFault?
    ) -> Outcome {
        let asItStands: Outcome = fault.map { .fault($0) } ?? .right
        let kind = type.fields[index].check.identifier
        if kind == .key || kind == .code, !IdentifierText.mayHoldArtefacts(text) { return asItStands }
        switch kind {
        case .key:
            var cleaned = IdentifierText.cleaned(text, narrowing: .all)
            guard IdentifierText.dropPointZero(&cleaned), !IdentifierText.isScientific(cleaned.text) else {
                return lost()
            }
            return identifier(cleaned, text, of: index, asItStands, judge)
        case .code:
            let cleaned = IdentifierText.cleaned(text, narrowing: .lettersAndDigits)
            if IdentifierText.isScientific(cleaned.text) { return lost() }
            return identifier(cleaned, text, of: index, asItStands, judge)
        case .number where IdentifierText.isScientific(text):
            return lost()
        case .number, .none:
            // In other texts a mark goes only where it stands before a number: `'s-Gravenhage` keeps its own.
            guard "'`=\"".utf8.contains(text[0]) else { return asItStands }
            let cleaned = IdentifierText.cleaned(text, narrowing: .none)
            let isNumber =
                cleaned.text.first.map { $0 &- 0x30 <= 9 } ?? false
                && cleaned.text.allSatisfy { $0 &- 0x30 <= 9 || "+-./ ".utf8.contains($0) || ($0 | 0x20) &- 0x61 < 26 }
            guard isNumber || cleaned.artefacts.contains(.formula) else { return asItStands }
            return identifier(cleaned, text, of: index, asItStands, judge)
        }
    }

    private func identifier(
        _ cleaned: IdentifierText.Cleaned, _ text: UnsafeBufferPointer<UInt8>, of index: Int, _ asItStands: Outcome,
        _ judge: (UnsafeBufferPointer<UInt8>) -> CellFault?
    ) -> Outcome {
        if text.elementsEqual(cleaned.text) { return asItStands }
        if cleaned.text.isEmpty { return empty(index, cleaned.artefacts) }
        let kept = keep(cleaned.text)
        if kept.count > 1, type.missingWords.contains(kept, isText: true) { return word(kept, of: index) }
        if let fault = judge(kept) { return .fault(fault) }
        notes.note(artefacts: cleaned.artefacts, field: index)
        return .text(kept)
    }

    private func lost() -> Outcome {
        notes.note(.scientific)
        return .fault(.digitsLost)
    }

    /// A code that lost its zeros, or a number that became scientific.
    private func noteMarks(ofWrongCode text: UnsafeBufferPointer<UInt8>, _ field: Field) {
        if IdentifierText.isScientific(text) { return notes.note(.scientific) }
        guard let list = field.codeList, text.count < 20, text.allSatisfy({ $0 &- 0x30 <= 9 }), text.first != 0x30
        else { return }
        let value = String(decoding: text, as: UTF8.self)
        if list.entries.contains(where: { $0.code.hasPrefix("0") && $0.code.drop { $0 == "0" } == value[...] }) {
            notes.note(.leadingZeros)
        }
    }

    private func keep(_ text: [UInt8]) -> UnsafeBufferPointer<UInt8> {
        // Loops may load a word at any cell.
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.count + 16)
        memory.initialize(repeating: 0)
        for (index, byte) in text.enumerated() { memory[index] = byte }
        texts.append(memory)
        return UnsafeBufferPointer(rebasing: UnsafeBufferPointer(memory)[..<text.count])
    }

    // MARK: Days and moments

    private func moment(
        _ text: UnsafeBufferPointer<UInt8>, of index: Int, isParsed: Bool, bits: inout UInt64
    ) -> Outcome {
        let limits = type.fields[index].dates
        guard !isParsed else { return range(Int64(bitPattern: bits), limits) }
        let cleaned = IdentifierText.cleaned(text, narrowing: .none)
        guard let moment = LooseMoment(cleaned.text) else {
            if cleaned.text.isEmpty { return empty(index, cleaned.artefacts) }
            if SerialDate.matches(cleaned.text) { notes.note(.serialDate) }
            return .fault(.type)
        }
        if let fault = limits.placeholder(moment.year, moment.month, moment.day), fault == .placeholderDate {
            return .fault(fault)
        }
        guard let dayStart = moment.dayStart else { return .fault(.type) }
        if let fault = fault(of: moment, dayStart, in: type.fields[index]) { return .fault(fault) }
        let field = type.fields[index]
        let isMidnightOfDay = moment.secondsOfDay == 0 && (field.check.kind == .day || field.check.acceptsBareDate)
        if moment.hour != nil, moment.second == nil, !isMidnightOfDay {
            notes.note(.secondsGone)
            if field.isKey { return .fault(.secondsMissing) }
            notes.note(.seconds, field: index)
        }
        if moment.isTwelveHour { notes.note(.twelveHour, field: index) }
        notes.note(artefacts: cleaned.artefacts, field: index)
        let value = dayStart + moment.secondsOfDay
        bits = UInt64(bitPattern: value)
        return range(value, limits)
    }

    /// What keeps a moment that the calendar has from being one of the field's.
    private func fault(of moment: LooseMoment, _ dayStart: Int64, in field: CompiledField) -> CellFault? {
        if moment.hasFraction { return .type }
        if let offset = moment.offset {
            let instant = Date(timeIntervalSince1970: Double(dayStart + moment.secondsOfDay - Int64(offset)))
            if zone?.secondsFromGMT(for: instant) != offset { return .otherZone }
        }
        if field.check.kind == .day { return moment.secondsOfDay == 0 ? nil : .type }
        return moment.hour == nil && !field.check.acceptsBareDate ? .timeMissing : nil
    }

    /// Whether a moment is one that systems write for nothing, or lies in the future.
    private func range(_ value: Int64, _ limits: DateLimits) -> Outcome {
        let days = Int((value - (value >= 0 ? 0 : 86_399)) / 86_400)
        let date = CivilDate(daysSince1970: days).yearMonthDay
        if let fault = limits.placeholder(date.year, date.month, date.day) { return .fault(fault) }
        return value > limits.lastAllowed(receivedOn: day) ? .fault(.future) : .right
    }
}
