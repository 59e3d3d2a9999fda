public import SurveillanceKit

/// What may be asked outside of the reader's own scope: ISO weeks of the nation or a region, by the divisions below it and by one dimension.
public struct PublishedRequest: Hashable, Sendable {
    /// Splits by weeks; `asOf` is nil.
    public let request: FigureRequest
    /// The dimension by which it is split.
    public let dimension: String?
    /// Whether it is split into the divisions below the nation or the region.
    public var isByRegion: Bool { request.splits.contains(.region) }

    /// Whether outsiders are given an indicator: a count or a share. What sums, means, percentiles and numbers of different values say of few
    /// records is not held against what was shown before.
    public static func offers(_ indicator: Indicator) -> Bool { indicator.kind == .count || indicator.kind == .share }

    /// - Throws: `FigureRequest.Fault` with the first parameter that is not offered outside of the own scope, and why.
    public init(_ request: FigureRequest) throws(FigureRequest.Fault) {
        func fault(_ parameter: String, _ limit: OutsideLimit) -> FigureRequest.Fault {
            FigureRequest.Fault(parameter: parameter, message: limit.message)
        }
        guard request.by == .week else { throw fault("by", .weeksOnly) }
        if request.asOf != nil { throw fault("asOf", .snapshotsOnly) }
        if request.compareTo != nil { throw fault("compareTo", .snapshotsOnly) }
        if request.version != nil { throw fault("version", .notOffered) }
        if request.institution != nil { throw fault("institution", .notOffered) }
        if !request.levels.isEmpty { throw fault("level", .notOffered) }
        if let id = request.groups.keys.min() { throw fault(id, .notOffered) }
        var dimensions: [String] = []
        for split in request.splits {
            switch split {
            case .region: continue
            case .dimension(let id): dimensions.append(id)
            default: throw fault("by", .notOffered)
            }
        }
        if dimensions.count > 1 { throw fault("by", .oneDimension) }
        dimension = dimensions.first
        self.request = request
    }
}
