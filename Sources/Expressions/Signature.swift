/// One way to call a function.
struct Signature {
    /// `f(a, b)`, `a.f(b)`, or both.
    enum Style {
        case function
        case method
        case either
    }

    var style: Style
    var parameters: [ValueType]
    var result: ValueType

    init(_ style: Style, _ parameters: [ValueType], _ result: ValueType) {
        self.style = style
        self.parameters = parameters
        self.result = result
    }

    func takes(_ arguments: [ValueType], asMethod: Bool) -> Bool {
        guard style == .either || (style == .method) == asMethod, arguments.count == parameters.count else {
            return false
        }
        return zip(arguments, parameters).allSatisfy { $0.fits($1) }
    }
}

extension Function {
    /// Source: google/cel-spec, doc/langdef.md, "List of Standard Definitions"; `years`, `days`, `date` and `today` are ours.
    var signatures: [Signature] {
        switch self {
        case .size:
            [.string, .list(.dyn), .map(.dyn, .dyn)].map { Signature(.either, [$0], .int) }
        case .startsWith, .endsWith, .contains: [Signature(.method, [.string, .string], .bool)]
        case .matches: [Signature(.either, [.string, .string], .bool)]
        case .int: [.int, .double, .string, .timestamp].map { Signature(.function, [$0], .int) }
        case .double: [.double, .int, .string].map { Signature(.function, [$0], .double) }
        case .string:
            [.string, .int, .double, .bool, .timestamp, .duration].map { Signature(.function, [$0], .string) }
        case .bool: [.bool, .string].map { Signature(.function, [$0], .bool) }
        case .timestamp: [.timestamp, .string, .int].map { Signature(.function, [$0], .timestamp) }
        case .duration: [.duration, .string].map { Signature(.function, [$0], .duration) }
        case .dyn: [Signature(.function, [.dyn], .dyn)]
        case .type: [Signature(.function, [.dyn], .type)]
        case .years, .days: [Signature(.function, [.timestamp, .timestamp], .int)]
        case .date: [Signature(.function, [.timestamp], .timestamp)]
        case .today: [Signature(.function, [], .timestamp)]
        case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear:
            [Signature(.method, [.timestamp], .int), Signature(.method, [.timestamp, .string], .int)]
        case .getHours, .getMinutes, .getSeconds, .getMilliseconds:
            [
                Signature(.method, [.timestamp], .int), Signature(.method, [.timestamp, .string], .int),
                Signature(.method, [.duration], .int),
            ]
        }
    }
}
