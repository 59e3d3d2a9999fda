public import Database
public import SurveillanceKit

/// The register of a deployment at one moment: its file, what was registered on the page, and the merges that lie over both.
public struct WholeRegister: Sendable {
    /// Those that were registered on the page, as they were registered last.
    public let registered: [Institution]
    public let merges: [InstitutionMerge]
    /// As it grows, something has changed.
    public let changeCount: Int
    /// Every institution as it is in force.
    public let institutions: [Institution]
    /// Every institution by its code as it would be without merges.
    private let unmerged: [String: Institution]

    /// - Parameter seed: the institutions of the deployment's file.
    public init(_ seed: [Institution], in connection: any Connection) throws {
        registered = try InstitutionRegister.current(in: connection)
        merges = try InstitutionMerges.inForce(in: connection)
        changeCount = try InstitutionRegister.changeCount(in: connection)
        let all = InstitutionRegister.merged(seed, registered)
        unmerged = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
        institutions = InstitutionMerges.applied(merges, to: all)
    }

    /// What was registered of an institution, whatever was merged into it or it into another: what a change of it begins with.
    public func unmerged(_ code: String) -> Institution? { unmerged[code] }

    /// The code of the institution that goes on for a duplicate; nil for one that is not merged.
    public func kept(insteadOf code: String) -> String? {
        var (found, at): (String?, String) = (nil, code)
        // Each merge is followed once: they make no circle, but a loop must end whatever a table holds.
        for _ in merges {
            guard let merge = merges.first(where: { $0.duplicate == at }) else { break }
            (found, at) = (merge.kept, merge.kept)
        }
        return found
    }
}
