/// An entry's name as text, and what is wrong with it.
struct EntryName {
    /// Printable in any case: what cannot be shown stands as U+FFFD.
    let text: String
    let fault: ArchiveError?
    /// It ends as a folder's name does.
    let isFolder: Bool

    /// Names are UTF-8 where the flag says so, or what a Unicode path field says while its checksum fits the plain
    /// name; otherwise GB18030, as Chinese Windows writes them, or else CP437, as the format's author meant.
    ///
    /// macOS, and Info-ZIP on Linux, write UTF-8 without the flag. Such a name is taken for UTF-8 if each of its
    /// characters outside ASCII takes three bytes or more, as Chinese does: GB18030 text hardly ever looks so.
    ///
    /// Old .NET and PowerShell part folders by `\\`, against the format; it is read as `/` before anything is judged by it.
    init(_ raw: [UInt8], isUTF8: Bool, unicodePath: [UInt8]?, limits: ArchiveLimits) {
        let decoded: String?
        if isUTF8 {
            decoded = String(validating: raw, as: UTF8.self)
        } else if let unicodePath, let path = EntryName.currentPath(unicodePath, of: raw) {
            decoded = String(validating: path, as: UTF8.self)
        } else if let utf8 = String(validating: raw, as: UTF8.self),
            utf8.unicodeScalars.allSatisfy({ $0.isASCII || $0.value >= 0x800 })
        {
            decoded = utf8
        } else {
            decoded = GB18030.string(from: raw) ?? String(raw.map(CodePage437.character))
        }
        let name = (decoded ?? String(decoding: raw, as: UTF8.self)).replacing("\\", with: "/")
        text = EntryName.printable(EntryName.shortened(name, to: limits.maximumNameLength))
        fault = decoded == nil ? .undecodableName : EntryName.fault(of: name, limits: limits)
        isFolder = name.unicodeScalars.last == "/"
    }

    /// The path of a Unicode path field, or nil where it is not one for this name any more: version 1, CRC of the plain
    /// name, path.
    private static func currentPath(_ field: [UInt8], of raw: [UInt8]) -> [UInt8]? {
        guard field.count > 5, field[0] == 1, field.uint32(at: 1) == Int(Checksum.crc32(of: raw)) else { return nil }
        return [UInt8](field.dropFirst(5))
    }

    private static func fault(of name: String, limits: ArchiveLimits) -> ArchiveError? {
        let scalars = name.unicodeScalars
        if scalars.isEmpty { return .unsafeName(.empty) }
        if scalars.contains(where: isControl) { return .unsafeName(.controlCharacter) }
        if scalars.dropFirst().first == ":", scalars.first?.properties.isAlphabetic == true {
            return .unsafeName(.driveLetter)
        }
        if scalars.first == "/" { return .unsafeName(.absolute) }
        let folders = scalars.split(separator: "/", omittingEmptySubsequences: false)
        if folders.contains(where: { $0.elementsEqual("..".unicodeScalars) }) { return .unsafeName(.parentFolder) }
        if folders.dropLast().contains(where: \.isEmpty) { return .unsafeName(.empty) }
        if scalars.count > limits.maximumNameLength {
            return .nameTooLong(scalars.count, limit: limits.maximumNameLength)
        }
        return nil
    }

    /// Control characters, and those that turn the direction of what follows: `fdp.exe` shown as `exe.pdf`.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func printable(_ name: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in name.unicodeScalars { text.append(isControl(scalar) ? "\u{FFFD}" : scalar) }
        return String(text)
    }

    /// A name that is too long, without its folders and with `…` in its middle: its beginning tells the file type, its end the format.
    private static func shortened(_ name: String, to limit: Int) -> String {
        let scalars = name.unicodeScalars
        guard scalars.count > limit, limit > 2 else { return name }
        let last = scalars.split(separator: "/").last ?? scalars[...]
        guard last.count > limit else { return String(last) }
        let end = min(8, limit / 2)
        return String(last.prefix(limit - end - 1)) + "…" + String(last.suffix(end))
    }
}
