import Dispatch
import SurveillanceKit

/// Looks at documents that people upload, one after the other, on a thread of its own.
public final class DocumentChecker: Sendable {
    /// 5 MB.
    public static let maximumBytes = 5_242_880
    /// So many pixels wide or high is a preview at most.
    private static let previewSide = 1600

    private let queue = DispatchQueue(label: "documents.check")

    public init() {}

    /// What a document is that may be kept.
    public struct Checked: Hashable, Sendable {
        public var kind: DocumentKind
        /// 1 for a picture.
        public var pages: Int
    }

    /// Looks at a document as a whole.
    ///
    /// - Parameter name: what its sender calls it; an extension that says another kind is told.
    /// - Throws: `DocumentFault`.
    public func check(_ bytes: [UInt8], named name: String) async throws -> Checked {
        try await run { try Self.checkNow(bytes, named: name) }
    }

    /// A page as a picture that was drawn anew, with nothing of the document's metadata.
    ///
    /// - Parameter page: from 1.
    /// - Returns: a JPEG.
    public func preview(_ bytes: [UInt8], _ kind: DocumentKind, page: Int) async throws -> [UInt8] {
        try await run {
            switch kind {
            case .jpeg:
                try PictureProcess.preview(bytes, kind, try JPEGStructure.check(bytes), side: Self.previewSide)
            case .png:
                try PictureProcess.preview(bytes, kind, try PNGStructure.check(bytes), side: Self.previewSide)
            case .pdf: try Self.drawn(bytes, page: page)
            }
        }
    }

    private static func checkNow(_ bytes: [UInt8], named name: String) throws(DocumentFault) -> Checked {
        guard bytes.count <= maximumBytes else { throw .tooLarge(bytes: bytes.count, maximum: maximumBytes) }
        guard let kind = DocumentKind(beginning: bytes) else { throw .foreign(ForeignKind.title(of: bytes)) }
        if let promised = DocumentKind(named: name) {
            guard promised == kind else { throw .misnamed(is: kind.title) }
        } else {
            throw .misnamed(is: kind.title)
        }
        switch kind {
        case .pdf: return Checked(kind: kind, pages: try PDFCheck.check(bytes))
        case .jpeg:
            try limit(try JPEGStructure.check(bytes))
            try PictureProcess.check(bytes, kind)
        case .png:
            try limit(try PNGStructure.check(bytes))
            try PictureProcess.check(bytes, kind)
        }
        return Checked(kind: kind, pages: 1)
    }

    private static func limit(_ size: (width: Int, height: Int)) throws(DocumentFault) {
        guard size.width * size.height <= PictureProcess.maximumPixels else {
            throw .tooManyPixels(width: size.width, height: size.height)
        }
    }

    /// A page of a PDF, drawn by poppler in a child process.
    private static func drawn(_ bytes: [UInt8], page: Int) throws(DocumentFault) -> [UInt8] {
        let drawn = try LimitedProcess().run(
            [
                "/usr/bin/pdftoppm", "-jpeg", "-f", "\(page)", "-l", "\(page)", "-scale-to", "\(previewSide)",
                LimitedProcess.document,
            ], bytes)
        guard drawn.status == 0, !drawn.isCutOff, !drawn.output.isEmpty else {
            throw .notLookedAt(BilingualText(zh: "该页无法绘制", en: "this page cannot be drawn"))
        }
        return drawn.output
    }

    private func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
