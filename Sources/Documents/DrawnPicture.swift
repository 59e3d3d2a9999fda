/// A picture that is drawn pixel by pixel: what a demo shows as a scan.
public enum DrawnPicture {
    /// - Parameter colour: red, green and blue of the pixel at a place, from the upper left.
    /// - Returns: a JPEG.
    public static func jpeg(
        width: Int, height: Int, _ colour: (_ x: Int, _ y: Int) -> (red: UInt8, green: UInt8, blue: UInt8)
    ) throws -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                let (red, green, blue) = colour(x, y)
                pixels += [red, green, blue]
            }
        }
        return try PictureProcess.jpeg(width: width, height: height, pixels: pixels)
    }
}
