/// Files that a computer writes beside the sender's own, and that nobody means to report.
public enum SideFile {
    /// macOS's and Windows' view settings and thumbnails, and the lock files of Excel (`~$…`) and LibreOffice (`.~lock.…#`).
    public static func matches(_ name: String) -> Bool {
        let parts = name.split(separator: "/")
        guard let last = parts.last?.lowercased() else { return false }
        if parts.dropLast().contains(where: { ["__MACOSX", "System Volume Information", "$RECYCLE.BIN"].contains($0) })
        {
            return true
        }
        return [".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"].contains(last) || last.hasPrefix("._")
            || last.hasPrefix("~$") || (last.hasPrefix(".~lock.") && last.hasSuffix("#"))
    }
}
