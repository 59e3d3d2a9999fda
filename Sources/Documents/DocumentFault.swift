public import SurveillanceKit

/// Why a document is not taken, for whoever has sent it.
public enum DocumentFault: Error, Hashable, Sendable {
    case tooLarge(bytes: Int, maximum: Int)
    /// Neither PDF, JPEG nor PNG.
    case foreign(BilingualText)
    /// The name says one kind, the bytes another.
    case misnamed(is: String)
    case damaged(BilingualText)
    case bytesBehindEnd(Int)
    case tooManyPixels(width: Int, height: Int)
    case encrypted
    case active(BilingualText)
    case embeddedFiles
    case tooManyPages(Int, maximum: Int)
    /// What is needed for looking is not installed, or took too long.
    case notLookedAt(BilingualText)

    public var message: BilingualText {
        switch self {
        case .tooLarge(let bytes, let maximum):
            BilingualText(
                zh: "文件有 \(bytes) 字节，超过上限 \(maximum) 字节（5 MB）；请压缩或降低扫描分辨率",
                en:
                    "The file has \(bytes) bytes, more than the \(maximum) (5 MB) that are taken; scan it with a lower resolution."
            )
        case .foreign(let kind):
            BilingualText(
                zh: "这是\(kind.zh)；只接收 PDF、JPG 和 PNG", en: "This is \(kind.en); only PDF, JPG and PNG are taken.")
        case .misnamed(let kind):
            BilingualText(
                zh: "文件名与内容不符：文件实际是 \(kind)；请改正扩展名后重新上传",
                en:
                    "The name does not say what the file is: it is a \(kind). Give it the right extension, then upload it again."
            )
        case .damaged(let what):
            BilingualText(zh: "文件已损坏：\(what.zh)；请重新扫描或另存", en: "The file is damaged: \(what.en). Scan or save it anew.")
        case .bytesBehindEnd(let count):
            BilingualText(
                zh: "文件结尾之后还有 \(count) 字节其他内容；请重新扫描或另存",
                en:
                    "Behind the end of the file there \(count == 1 ? "is 1 more byte" : "are \(count) more bytes"). Scan or save it anew."
            )
        case .tooManyPixels(let width, let height):
            BilingualText(
                zh: "图片为 \(width) × \(height) 像素，超过上限 6000 万像素",
                en: "The picture has \(width) × \(height) pixels, more than 60 million.")
        case .encrypted:
            BilingualText(zh: "PDF 已加密或设有密码；请去除密码后上传", en: "The PDF is encrypted; remove its password, then upload it.")
        case .active(let what):
            BilingualText(
                zh: "PDF 含有会自动执行的内容（\(what.zh)）；请打印为新的 PDF 后上传",
                en: "The PDF holds something that acts (\(what.en)); print it into a new PDF, then upload that.")
        case .embeddedFiles:
            BilingualText(
                zh: "PDF 内嵌有其他文件；请打印为新的 PDF 后上传",
                en: "The PDF has files within; print it into a new PDF, then upload that.")
        case .tooManyPages(let pages, let maximum):
            BilingualText(
                zh: "PDF 有 \(pages) 页，最多 \(maximum) 页", en: "The PDF has \(pages) pages; at most \(maximum) are taken.")
        case .notLookedAt(let why):
            BilingualText(zh: "暂时无法检查该文件：\(why.zh)", en: "The file cannot be looked at: \(why.en).")
        }
    }
}
