import CPNG
import CTurboJPEG
import SurveillanceKit

/// A picture that was decoded whole: three bytes a pixel, red, green, blue.
struct Raster {
    var width: Int
    var height: Int
    var pixels: [UInt8]

    static let maximumPixels = 60_000_000

    init(width: Int, height: Int, pixels: [UInt8]) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    init(png bytes: [UInt8]) throws(DocumentFault) {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&image) }
        let hasBegun = bytes.withUnsafeBytes {
            png_image_begin_read_from_memory(&image, $0.baseAddress, $0.count) != 0
        }
        guard hasBegun else { throw .damaged(Raster.undecodable) }
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        (width, height) = (Int(image.width), Int(image.height))
        guard width * height <= Raster.maximumPixels else { throw .tooManyPixels(width: width, height: height) }
        var pixels = [UInt8](repeating: 255, count: width * height * 3)
        var white = png_color(red: 255, green: 255, blue: 255)
        // The bytes must still be there: libpng reads on from where it began.
        let isRead = bytes.withUnsafeBytes { bytes in
            png_image_free(&image)
            image.version = png_uint_32(PNG_IMAGE_VERSION)
            guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else { return false }
            image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
            return pixels.withUnsafeMutableBytes {
                png_image_finish_read(&image, &white, $0.baseAddress, 0, nil) != 0
            }
        }
        guard isRead, image.warning_or_error & 2 == 0 else { throw .damaged(Raster.undecodable) }
        self.pixels = pixels
    }

    init(jpeg bytes: [UInt8]) throws(DocumentFault) {
        guard let decoder = tjInitDecompress() else { throw .damaged(Raster.undecodable) }
        defer { tjDestroy(decoder) }
        var (width, height, subsampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        let isHeader = bytes.withUnsafeBufferPointer {
            tjDecompressHeader3(
                decoder, $0.baseAddress, UInt($0.count), &width, &height, &subsampling, &space) == 0
        }
        guard isHeader, width > 0, height > 0 else { throw .damaged(Raster.undecodable) }
        (self.width, self.height) = (Int(width), Int(height))
        guard self.width * self.height <= Raster.maximumPixels else {
            throw .tooManyPixels(width: self.width, height: self.height)
        }
        let hasFourColours = space == TJCS_CMYK.rawValue || space == TJCS_YCCK.rawValue
        let format = hasFourColours ? TJPF_CMYK.rawValue : TJPF_RGB.rawValue
        var pixels = [UInt8](repeating: 0, count: self.width * self.height * (hasFourColours ? 4 : 3))
        let isWhole = bytes.withUnsafeBufferPointer { bytes in
            pixels.withUnsafeMutableBufferPointer {
                // A warning, such as an end that comes too early, counts as an error.
                tjDecompress2(
                    decoder, bytes.baseAddress, UInt(bytes.count), $0.baseAddress, width, 0, height, Int32(format), 0)
                    == 0
            }
        }
        guard isWhole else { throw .damaged(Raster.undecodable) }
        self.pixels = hasFourColours ? Raster.threeColours(pixels) : pixels
    }

    private static let undecodable = BilingualText(zh: "无法完整解码", en: "it cannot be decoded whole")

    /// Of inverted CMYK, as scanners and Photoshop write it.
    private static func threeColours(_ four: [UInt8]) -> [UInt8] {
        var three: [UInt8] = []
        three.reserveCapacity(four.count / 4 * 3)
        for pixel in stride(from: 0, to: four.count, by: 4) {
            let black = Int(four[pixel + 3])
            for colour in 0..<3 { three.append(UInt8(Int(four[pixel + colour]) * black / 255)) }
        }
        return three
    }

    /// The same picture, at most so wide and high, as a JPEG without a word of metadata.
    func encoded(fitting side: Int) throws(DocumentFault) -> [UInt8] {
        let small = reduced(to: side)
        guard let encoder = tjInitCompress() else { throw .damaged(Raster.undecodable) }
        defer { tjDestroy(encoder) }
        var (memory, count): (UnsafeMutablePointer<UInt8>?, UInt) = (nil, 0)
        defer { tjFree(memory) }
        let isDone = small.pixels.withUnsafeBufferPointer {
            tjCompress2(
                encoder, $0.baseAddress, Int32(small.width), 0, Int32(small.height), Int32(TJPF_RGB.rawValue), &memory,
                &count, Int32(TJSAMP_420.rawValue), 82, 0) == 0
        }
        guard isDone, let memory else { throw .damaged(Raster.undecodable) }
        return Array(UnsafeBufferPointer(start: memory, count: Int(count)))
    }

    /// Each pixel is the mean of those that it stands for.
    private func reduced(to side: Int) -> Raster {
        let step = (max(width, height) + side - 1) / side
        guard step > 1 else { return self }
        var small = self
        (small.width, small.height) = (max(1, width / step), max(1, height / step))
        small.pixels = [UInt8](repeating: 0, count: small.width * small.height * 3)
        let (own, wide, narrow) = (pixels, width, small.width)
        for row in 0..<small.height {
            for column in 0..<narrow {
                var sums = (0, 0, 0)
                var count = 0
                for y in (row * step)..<min((row + 1) * step, height) {
                    for x in (column * step)..<min((column + 1) * step, wide) {
                        let place = (y * wide + x) * 3
                        sums.0 += Int(own[place])
                        sums.1 += Int(own[place + 1])
                        sums.2 += Int(own[place + 2])
                        count += 1
                    }
                }
                let place = (row * narrow + column) * 3
                small.pixels[place] = UInt8(sums.0 / count)
                small.pixels[place + 1] = UInt8(sums.1 / count)
                small.pixels[place + 2] = UInt8(sums.2 / count)
            }
        }
        return small
    }
}
