public import SurveillanceKit

/// What reports are made of: programs, and the institutions that send them.
public protocol ReferenceServices: Sendable {
    var programs: [Program] { get }

    /// Programs that take no reports at present because their folders have mistakes.
    var setAside: [SetAsideProgram] { get }

    func institution(_ code: String) -> Institution?

    /// The institution that goes on for a duplicate that was merged; nil for one that was not.
    func kept(insteadOf code: String) -> Institution?

    /// A package of made-up patients that shows what is to be sent; nil where a program brings none.
    func example(of program: String) -> [UInt8]?
}
