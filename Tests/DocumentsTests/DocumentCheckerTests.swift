import Foundation
import SurveillanceKit
import Testing

@testable import Documents

private let hasTools = ["/usr/bin/qpdf", "/usr/bin/pdftoppm"].allSatisfy(FileManager.default.isExecutableFile)

@Suite("Documents that people upload", .enabled(if: hasTools, "qpdf or pdftoppm is missing"))
struct DocumentCheckerTests {
    private let checker = DocumentChecker()

    private func fault(_ bytes: [UInt8], _ name: String) async -> DocumentFault? {
        do {
            _ = try await checker.check(bytes, named: name)
            return nil
        } catch { return error as? DocumentFault }
    }

    @Test("a PDF, a JPEG and a PNG are taken, and drawn anew without a byte of what came")
    func taken() async throws {
        let pdf = SampleDocuments.pdf(pages: 3)
        #expect(try await checker.check(pdf, named: "执照.PDF") == .init(kind: .pdf, pages: 3))
        #expect(try await checker.check(SampleDocuments.jpeg, named: "a.jpeg") == .init(kind: .jpeg, pages: 1))
        #expect(try await checker.check(SampleDocuments.png(), named: "a.png") == .init(kind: .png, pages: 1))
        for (bytes, kind) in [(pdf, DocumentKind.pdf), (SampleDocuments.jpeg, .jpeg), (SampleDocuments.png(), .png)] {
            let picture = try await checker.preview(bytes, kind, page: 1)
            #expect(try JPEGStructure.check(picture).width > 0 && DocumentKind(beginning: picture) == .jpeg)
        }
        await #expect(throws: DocumentFault.self) { try await checker.preview(pdf, .pdf, page: 4) }
    }

    @Test("metadata of a photograph is not in its preview, and stays in what is kept")
    func metadata() async throws {
        let note = Array("Exif\0\0GPS-of-somebody".utf8)
        let jpeg = SampleDocuments.jpeg
        let tagged = jpeg[..<2] + [0xFF, 0xE1, 0, UInt8(note.count + 2)] + note + jpeg[2...]
        _ = try await checker.check(Array(tagged), named: "a.jpg")
        let preview = try await checker.preview(Array(tagged), .jpeg, page: 1)
        #expect(!String(decoding: preview, as: UTF8.self).contains("GPS"))
    }

    @Test(
        "a photograph stands upright in its preview however the camera was held, and without that word",
        arguments: Array(1...8), [true, false])
    func orientations(value: Int, isLittle: Bool) async throws {
        // Seen upright: red, green above; blue, white below; 32 wide, 48 high.
        let upright = [[0, 1], [2, 3]]
        // What the camera has stored, so that the orientation leads back to it: rows and columns as CIPA DC-008 defines them.
        func stored(_ row: Int, _ column: Int) -> Int {
            switch value {
            case 1: upright[row][column]
            case 2: upright[row][1 - column]
            case 3: upright[1 - row][1 - column]
            case 4: upright[1 - row][column]
            case 5: upright[column][row]
            case 6: upright[column][1 - row]
            case 7: upright[1 - column][1 - row]
            default: upright[1 - column][row]
            }
        }
        let (width, height) = value < 5 ? (32, 48) : (48, 32)
        let colours: [(UInt8, UInt8, UInt8)] = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 250)]
        let jpeg = try DrawnPicture.jpeg(width: width, height: height) { x, y in
            let colour = colours[stored(y * 2 / height, x * 2 / width)]
            return (red: colour.0, green: colour.1, blue: colour.2)
        }
        let tagged = SampleDocuments.oriented(jpeg, value, isLittle: isLittle)
        _ = try await checker.check(tagged, named: "a.jpg")
        let preview = try await checker.preview(tagged, .jpeg, page: 1)
        #expect(try JPEGStructure.check(preview) == (32, 48))
        #expect(EXIFOrientation(ofJPEG: preview) == .upright && !preview.contains("Exif".utf8))
        let drawn = try LimitedProcess().run(["/usr/bin/djpeg", "-pnm", LimitedProcess.document], preview).output
        let pixels = Array(drawn.suffix(32 * 48 * 3))
        func colour(_ x: Int, _ y: Int) -> Int? {
            let at = (y * 32 + x) * 3
            return colours.firstIndex { colour in
                zip([colour.0, colour.1, colour.2], pixels[at..<(at + 3)]).allSatisfy { abs(Int($0) - Int($1)) < 60 }
            }
        }
        #expect([colour(8, 12), colour(24, 12), colour(8, 36), colour(24, 36)] == [0, 1, 2, 3])
    }

    @Test("an orientation that cannot be read leaves the picture as it is")
    func unreadableOrientations() async throws {
        let jpeg = SampleDocuments.jpeg
        let tagged = SampleDocuments.oriented(jpeg, 6, isLittle: true)
        #expect(EXIFOrientation(ofJPEG: tagged) == .turnedLeft)
        for value in [0, 9, 300] {
            #expect(EXIFOrientation(ofJPEG: SampleDocuments.oriented(jpeg, value, isLittle: true)) == .upright)
        }
        // Wherever the file is cut off or damaged nothing is read beyond it.
        for count in 0..<60 { _ = EXIFOrientation(ofJPEG: Array(tagged.prefix(count))) }
        for place in 2..<60 {
            var broken = tagged
            broken[place] = 0xFF
            _ = EXIFOrientation(ofJPEG: broken)
        }
        #expect(EXIFOrientation(ofJPEG: []) == .upright && EXIFOrientation(ofJPEG: jpeg) == .upright)
    }

    @Test("a wrong extension is told what the file really is")
    func names() async throws {
        #expect(await fault(SampleDocuments.jpeg, "a.pdf") == .misnamed(is: "JPEG"))
        #expect(await fault(SampleDocuments.png(), "a.jpg") == .misnamed(is: "PNG"))
        #expect(await fault(SampleDocuments.pdf(), "a.png") == .misnamed(is: "PDF"))
        #expect(await fault(SampleDocuments.pdf(), "a.pdf.exe") == .misnamed(is: "PDF"))
        #expect(await fault(SampleDocuments.pdf(), "scan") == .misnamed(is: "PDF"))
    }

    @Test(
        "what is no document is named",
        arguments: [
            ("PK\u{3}\u{4}xxxxword/document.xml", "Word"), ("PK\u{3}\u{4}xxxxxl/workbook.xml", "Excel"),
            ("PK\u{3}\u{4}", "zip"),
            ("GIF89a", "GIF"), ("BM", "BMP"), ("II*\0", "TIFF"), ("RIFFxxxxWEBPVP8", "WebP"), ("xxxxftypheic", "HEIC"),
            ("xxxxftypisom", "video"), ("Rar!", "rar"), ("MZ", "program"), ("\u{7F}ELF", "program"),
            ("<!DOCTYPE html><html>", "web page"), ("<svg onload=alert(1)>", "SVG"), (" %PDF-1.4", "before it"),
            ("", "empty"),
            ("hello", "another kind"),
        ])
    func foreign(text: String, expected: String) async throws {
        guard case .foreign(let kind) = await fault(Array(text.utf8), "a.pdf") else {
            Issue.record("\(text) was taken")
            return
        }
        #expect(kind.en.contains(expected))
    }

    /// A document, what its name is, and part of what is said of it.
    private static let hostile: [(name: String, bytes: [UInt8], said: String)] = {
        let zip = Array("PK\u{3}\u{4}evil.exe".utf8)
        let (jpeg, png, pdf) = (SampleDocuments.jpeg, SampleDocuments.png(), SampleDocuments.pdf())
        func action(_ text: String) -> [UInt8] { SampleDocuments.pdf(catalog: "/OpenAction << \(text) >>") }
        var broken = png
        broken[broken.count - 20] ^= 1
        var encrypted = pdf
        encrypted.replaceSubrange(0..<0, with: [])
        return [
            ("a.jpg", jpeg + zip, "Behind the end"), ("a.png", png + zip, "Behind the end"),
            ("a.pdf", pdf + zip, "Behind the end"), ("a.jpg", jpeg + pdf, "Behind the end"),
            ("a.jpg", jpeg + jpeg, "Behind the end"), ("a.png", png + [0], "Behind the end"),
            ("a.pdf", pdf + [UInt8](repeating: 0x41, count: 2000), "damaged"),
            ("a.jpg", Array(jpeg.dropLast(20)), "damaged"), ("a.jpg", Array(jpeg.prefix(400)), "damaged"),
            ("a.png", Array(png.dropLast(12)), "damaged"), ("a.png", broken, "damaged"),
            ("a.png", SampleDocuments.png(width: 3, height: 9, rows: 2), "damaged"),
            ("a.png", SampleDocuments.png(width: 65_535, height: 65_535, rows: 0), "million"),
            ("a.pdf", Array(pdf.dropLast(8)), "damaged"), ("a.pdf", Array("%PDF-1.7 %%EOF".utf8), "damaged"),
            ("a.pdf", Array("%PDF-9.9\n%%EOF".utf8), "damaged"),
            ("a.pdf", action("/S /JavaScript /JS (app.alert\\(1\\))"), "a script"),
            ("a.pdf", action("/S /Launch /F (cmd.exe)"), "Launch"),
            ("a.pdf", action("/S /#4caunch /F (cmd.exe)"), "Launch"),
            ("a.pdf", action("/S /SubmitForm /F (http://x)"), "SubmitForm"),
            ("a.pdf", action("/S /GoToR /F (other.pdf)"), "GoToR"),
            ("a.pdf", action("/S /URI /URI (http://x) /Next << /S /ImportData /F (a) >>"), "ImportData"),
            ("a.pdf", SampleDocuments.pdf(catalog: "/AA << /WC << /S /GoTo /D [3 0 R /Fit] >> >>"), "automatic"),
            ("a.pdf", SampleDocuments.pdf(page: "/AA << /O << /S /GoTo /D [3 0 R /Fit] >> >>"), "automatic"),
            (
                "a.pdf",
                SampleDocuments.pdf(
                    catalog: "/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>",
                    objects: ["<< /Type /Filespec /F (payload.exe) >>"]), "files within"
            ),
            (
                "a.pdf",
                SampleDocuments.pdf(
                    catalog: "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>"), "a script"
            ),
            (
                "a.pdf",
                SampleDocuments.pdf(
                    page: "/Annots [4 0 R]", objects: ["<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] >>"]),
                "FileAttachment"
            ),
            (
                "a.pdf", SampleDocuments.pdf(catalog: "/AcroForm << /Fields [] /XFA (x) >>"), "XFA"
            ), ("a.pdf", SampleDocuments.pdf(pages: 51), "51 pages"),
        ]
    }()

    @Test("polyglots, cut off files, bombs and PDFs that act are refused, each with what is wrong")
    func hostileDocuments() async throws {
        #expect(Self.hostile.count >= 25)
        for (index, document) in Self.hostile.enumerated() {
            let found = await fault(document.bytes, document.name)
            #expect(
                found?.message.en.contains(document.said) == true,
                "\(index): \(document.said): \(String(describing: found))")
            #expect(found?.message.zh.isEmpty == false)
        }
    }

    @Test("a JPEG of 65,535 × 65,535 is refused by its header, before anything is decoded")
    func hugeJPEG() async throws {
        var jpeg = SampleDocuments.jpeg
        let frame = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        for place in (frame + 5)...(frame + 8) { jpeg[place] = 0xFF }
        #expect(await fault(jpeg, "a.jpg") == .tooManyPixels(width: 65_535, height: 65_535))
    }

    @Test("5 MB are taken, and one byte more is not")
    func size() async throws {
        var jpeg = SampleDocuments.jpeg
        // Comments fill it up.
        while jpeg.count < DocumentChecker.maximumBytes {
            let count = min(65_000, DocumentChecker.maximumBytes - jpeg.count - 4)
            if count < 0 { break }
            let length = count + 2
            jpeg.insert(
                contentsOf: [0xFF, 0xFE, UInt8(length >> 8), UInt8(length & 0xFF)]
                    + [UInt8](repeating: 0x20, count: count), at: 2)
        }
        #expect(jpeg.count == DocumentChecker.maximumBytes)
        #expect(await fault(jpeg, "a.jpg") == nil)
        #expect(await fault(jpeg + [0], "a.jpg") == .tooLarge(bytes: 5_242_881, maximum: 5_242_880))
    }

    @Test(
        "an encrypted PDF is told from a damaged one, with and without a password for reading",
        arguments: ["", "secret"])
    func encrypted(password: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("documents-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (plain, sealed) = (folder.appendingPathComponent("a.pdf"), folder.appendingPathComponent("b.pdf"))
        try Data(SampleDocuments.pdf()).write(to: plain)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/qpdf")
        process.arguments = ["--encrypt", password, "owner", "256", "--", plain.path, sealed.path]
        try process.run()
        process.waitUntilExit()
        #expect(await fault(Array(try Data(contentsOf: sealed)), "a.pdf") == .encrypted)
    }

    @Test("a PDF that opens at a page and links to an address is taken")
    func harmless() async throws {
        let pdf = SampleDocuments.pdf(
            catalog: "/OpenAction [3 0 R /Fit] /AcroForm << /Fields [] >>", page: "/Annots [4 0 R]",
            objects: ["<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org) >> >>"])
        #expect(await fault(pdf, "a.pdf") == nil)
    }

    @Test("the child has the document alone, and no more time, memory and output than it may")
    func limits() throws {
        let listed = try LimitedProcess().run(["/bin/ls", "/proc/self/fd"], [1, 2, 3])
        let numbers = String(decoding: listed.output, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
        // 4 is the folder that it lists.
        #expect(numbers == [0, 1, 2, 3, 4])
        #expect(try LimitedProcess().run(["/bin/cat", LimitedProcess.document], [7, 8]).output == [7, 8])
        #expect(String(decoding: try LimitedProcess().run(["/usr/bin/env"], []).output, as: UTF8.self) == "LC_ALL=C\n")
        #expect(try LimitedProcess(maximumOutput: 1000).run(["/usr/bin/yes"], []).isCutOff)
        let slow = try LimitedProcess(wallSeconds: 1).run(["/bin/sleep", "60"], [])
        #expect(slow.status == 124)
        #expect(throws: DocumentFault.self) { try LimitedProcess().run(["/no/such/program"], []) }
    }
}
