/// Files that people pack beside their tables and that hold no data of a report: notes, pictures, documents.
///
/// What may hold rows (workbooks, other tables, archives) is none, so that nothing meant as a report is passed over.
enum StrayFile {
    private static let endings: Set<String> = [
        "txt", "doc", "docx", "wps", "rtf", "pdf", "ofd", "md", "log", "png", "jpg", "jpeg", "gif", "bmp", "tif",
        "tiff",
        "ppt", "pptx", "ini", "lnk", "url", "db", "tmp", "bak",
    ]

    static func matches(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return endings.contains(name[name.index(after: dot)...].lowercased())
    }
}
