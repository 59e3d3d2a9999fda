import SurveillanceKit

/// Decodes pictures with the tools of netpbm and libjpeg-turbo in child processes under limits: the server decodes nothing that people upload.
enum PictureProcess {
    static let maximumPixels = 60_000_000
    /// A progressive JPEG may ask for its picture to be gone over again and again.
    private static let maximumScans = 500

    private static let (djpeg, cjpeg, pngtopnm, pamscale, pamflip) = (
        "/usr/bin/djpeg", "/usr/bin/cjpeg", "/usr/bin/pngtopnm", "/usr/bin/pamscale", "/usr/bin/pamflip"
    )

    /// Decodes a picture whole.
    ///
    /// - Throws: `DocumentFault.damaged` for what a decoder warns of, such as an end that comes too early.
    static func check(_ bytes: [UInt8], _ kind: DocumentKind) throws(DocumentFault) {
        switch kind {
        case .jpeg:
            try run([djpeg, "-strict", "-maxscans", "\(maximumScans)", "-outfile", "/dev/null", document], bytes)
        case .png: try run(["/bin/sh", "-c", "\(pngtopnm) \(document) > /dev/null"], needs: [pngtopnm], bytes)
        case .pdf: break
        }
    }

    /// The same picture, at most so wide and high, as a JPEG without a word of metadata; what is transparent is white, and a
    /// photograph stands as the camera was held.
    static func preview(
        _ bytes: [UInt8], _ kind: DocumentKind, _ size: (width: Int, height: Int), side: Int
    ) throws(DocumentFault) -> [UInt8] {
        let decode =
            kind == .jpeg
            ? "\(djpeg) -maxscans \(maximumScans) \(eighths(size, side)) \(document)"
            : "\(pngtopnm) -mix -background=white \(document)"
        let isLarge = max(size.width, size.height) > side
        let reduce = isLarge ? " | \(pamscale) -xyfit \(side) \(side)" : ""
        let steps = kind == .jpeg ? EXIFOrientation(ofJPEG: bytes).steps : ""
        let turn = steps.isEmpty ? "" : " | \(pamflip) -xform=\(steps)"
        return try run(
            ["/bin/sh", "-c", "\(decode)\(reduce)\(turn) | \(encode)"],
            needs: [djpeg, cjpeg, pngtopnm, pamscale, pamflip], bytes)
    }

    /// A picture of three bytes a pixel, red, green and blue, as a JPEG.
    static func jpeg(width: Int, height: Int, pixels: [UInt8]) throws(DocumentFault) -> [UInt8] {
        try run(
            ["/bin/sh", "-c", "\(encode) \(document)"], needs: [cjpeg],
            Array("P6 \(width) \(height) 255\n".utf8) + pixels)
    }

    private static let document = LimitedProcess.document
    private static let encode = "\(cjpeg) -quality 82"

    /// A JPEG is decoded smaller where that suffices, which takes less time and memory.
    private static func eighths(_ size: (width: Int, height: Int), _ side: Int) -> String {
        let needed = max(1, (side * 8 + max(size.width, size.height) - 1) / max(size.width, size.height, 1))
        return needed < 8 ? "-scale \(needed)/8" : ""
    }

    @discardableResult
    private static func run(
        _ words: [String], needs: [String] = [], _ bytes: [UInt8]
    ) throws(DocumentFault) -> [UInt8] {
        let done = try LimitedProcess(cpuSeconds: 30, wallSeconds: 40).run(words, needs: needs, bytes)
        guard ![124, 137].contains(done.status) else {
            throw .notLookedAt(BilingualText(zh: "解码用时过长", en: "decoding it takes too long"))
        }
        guard done.status == 0, !done.isCutOff else {
            throw .damaged(BilingualText(zh: "无法完整解码", en: "it cannot be decoded whole"))
        }
        return done.output
    }
}
