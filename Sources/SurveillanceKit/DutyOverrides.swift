/// What a deployment sets beside a program's own deadlines and scope, from a file or from the administrators' pages.
public struct DutyOverrides: Hashable, Sendable {
    public var program: String
    public var deadlines: [DeadlineRule]
    public var scope: DutyScope

    public init(program: String, deadlines: [DeadlineRule] = [], scope: DutyScope = DutyScope()) {
        self.program = program
        self.deadlines = deadlines
        self.scope = scope
    }
}
