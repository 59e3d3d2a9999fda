public import SurveillanceKit

extension ArchiveError {
    /// What is wrong and what would mend it, for whoever packed the archive.
    public var message: BilingualText {
        switch self {
        case .notZip(let format?):
            BilingualText(
                zh: "这是 \(format) 文件，不是 zip 压缩包；请改用 zip 格式重新打包",
                en: "this is a \(format) file, not a zip: pack the files as zip")
        case .notZip(nil):
            BilingualText(
                zh: "不是 zip 压缩包；请用 zip 格式打包后再上传",
                en: "not a zip archive: pack the files as zip")
        case .cutOff:
            BilingualText(
                zh: "压缩包不完整，缺少结尾部分；请确认文件已完整生成后重新上传",
                en: "the archive is cut off before its end: make sure that it was written completely and send it again")
        case .bytesAfterEnd(let count):
            BilingualText(
                zh: "压缩包结尾之后多出 \(count) 个字节；请重新打包",
                en: "\(count.counted("byte follows", "bytes follow")) the archive's end: pack the files again")
        case .ambiguousEnd:
            BilingualText(
                zh: "压缩包有不止一个结尾记录，内容无法确定；请重新打包，不要添加注释",
                en: "the archive has more than one end record: pack the files again, without a comment")
        case .split:
            BilingualText(
                zh: "这是分卷压缩包的一卷；请打包成单个 zip 文件",
                en: "this is one volume of a split archive: pack the files as a single zip")
        case .encryptedDirectory:
            BilingualText(
                zh: "压缩包目录已加密；请不设密码重新打包",
                en: "the archive's directory is encrypted: pack the files again without a password")
        case .damagedDirectory(let part):
            BilingualText(
                zh: "压缩包目录损坏（\(part.text.zh)）；请重新打包后再上传",
                en: "the archive's directory is damaged (\(part.text.en)): pack the files again")
        case .overlap(let name, let other?):
            BilingualText(
                zh: "压缩包内“\(name)”与“\(other)”的数据重叠；请重新打包",
                en: "the data of \"\(name)\" and \"\(other)\" overlap: pack the files again")
        case .overlap(let name, nil):
            BilingualText(
                zh: "压缩包内“\(name)”的数据超出范围，与目录重叠；请重新打包",
                en: "the data of \"\(name)\" run into the archive's directory: pack the files again")
        case .strayBytes(let offset, let count):
            BilingualText(
                zh: "压缩包第 \(offset) 字节起有 \(count) 个字节不属于任何文件；请重新打包",
                en:
                    "\(count.counted("byte")) from byte \(offset) on \(count == 1 ? "belongs" : "belong") to no file of the archive: pack the files again"
            )
        case .tooManyEntries(let count, let limit):
            BilingualText(
                zh: "压缩包内有 \(count) 个文件，上限为 \(limit) 个；请分成几个压缩包上传",
                en: "the archive holds \(count) files, the limit is \(limit): send them in several archives")
        case .directoryTooLarge(let size, let limit):
            BilingualText(
                zh: "压缩包目录为 \(byteCount(size))，上限为 \(byteCount(limit))；请去掉文件注释后重新打包，或分成几个压缩包",
                en: """
                    the archive's directory takes \(byteCount(size)), the limit is \(byteCount(limit)): pack the files \
                    again without comments, or in several archives
                    """)
        case .totalTooLarge(let size, let limit):
            BilingualText(
                zh: "压缩包解压后共 \(byteCount(size))，上限为 \(byteCount(limit))；请分成几个压缩包上传",
                en: """
                    the archive unpacks to \(byteCount(size)), the limit is \(byteCount(limit)): send the files in \
                    several archives
                    """)
        default: entryMessage
        }
    }

    private var entryMessage: BilingualText {
        switch self {
        case .encrypted:
            BilingualText(
                zh: "文件已加密；请不设密码重新打包",
                en: "the file is encrypted: pack it again without a password")
        case .unsupportedMethod(let method):
            BilingualText(
                zh: "不支持的压缩方式（\(ArchiveError.methodName(method))）；请用普通 zip（Deflate）方式重新打包",
                en: "compressed with \(ArchiveError.methodName(method)): pack the file again as plain zip (deflate)")
        case .nestedArchive:
            BilingualText(
                zh: "压缩包里又有压缩包；请把其中的文件直接放进一个 zip",
                en: "an archive within the archive: put its files straight into one zip")
        case .unsafeName(let fault):
            BilingualText(
                zh: "文件名不安全（\(fault.text.zh)）；请改名后重新打包，不要带路径",
                en: "unsafe file name (\(fault.text.en)): rename the file and pack it again without a path")
        case .undecodableName:
            BilingualText(
                zh: "文件名编码有误，无法识别；请改用英文文件名重新打包",
                en: "the file's name is not valid text: rename it with plain letters and pack it again")
        case .nameTooLong(let length, let limit):
            BilingualText(
                zh: "文件名长 \(length) 个字符，上限为 \(limit) 个；请缩短后重新打包",
                en: "the file's name has \(length) characters, the limit is \(limit): shorten it and pack again")
        case .duplicateName:
            BilingualText(
                zh: "压缩包内有多个同名文件，无法确定以哪个为准；请只保留一个后重新打包",
                en: "the archive has several files of this name: keep one of them and pack again")
        case .link:
            BilingualText(
                zh: "这是链接，不是文件；请把文件本身打包",
                en: "this is a link, not a file: pack the file itself")
        case .specialFile:
            BilingualText(
                zh: "这不是普通文件；请只打包普通文件",
                en: "this is not a plain file: pack plain files only")
        case .folderWithContent:
            BilingualText(
                zh: "名称是文件夹，却带有内容；请重新打包",
                en: "a folder by its name, with content: pack the files again")
        default: dataMessage
        }
    }

    private var dataMessage: BilingualText {
        switch self {
        case .entryTooLarge(let size, let limit):
            BilingualText(
                zh: "文件解压后为 \(byteCount(size))，上限为 \(byteCount(limit))；请拆分后上传",
                en: "the file unpacks to \(byteCount(size)), the limit is \(byteCount(limit)): split it")
        case .ratioTooHigh(let ratio, let limit):
            BilingualText(
                zh: "压缩比为 \(ratio) 倍，超过上限 \(limit) 倍，疑似压缩炸弹；请检查文件内容，或直接上传 CSV",
                en: """
                    packed \(ratio) times, the limit is \(limit), as a zip bomb would be: look into the file, or send \
                    the CSV unpacked
                    """)
        case .damagedExtraField:
            BilingualText(
                zh: "文件的附加信息损坏；请重新打包",
                en: "the file's extra fields are damaged: pack the files again")
        case .headMismatch(let part):
            BilingualText(
                zh: "文件头与压缩包目录不一致（\(part.text.zh)）；请重新打包",
                en: "the file's own head differs from the archive's directory (\(part.text.en)): pack the files again")
        case .wrongSize(let declared):
            BilingualText(
                zh: "文件实际大小与登记的 \(declared) 字节不符，可能已损坏；请重新打包",
                en: "the file is not \(declared) bytes long as the archive says: pack the files again")
        case .wrongChecksum:
            BilingualText(
                zh: "文件校验值（CRC）不符，内容已损坏；请重新打包后上传",
                en: "the file's checksum (CRC) is wrong, so its content is damaged: pack it again and send it again")
        default:
            BilingualText(
                zh: "文件的压缩数据损坏；请重新打包后上传",
                en: "the file's packed data are damaged: pack it again and send it again")
        }
    }

    /// Source: PKWARE APPNOTE 6.3.10, 4.4.5.
    private static func methodName(_ method: Int) -> String {
        switch method {
        case 1...6: "PKZIP 1"
        case 9: "Deflate64"
        case 12: "BZIP2"
        case 14: "LZMA"
        case 20, 93: "Zstandard"
        case 95: "XZ"
        case 98: "PPMd"
        default: "\(method)"
        }
    }
}

extension ArchiveError.DirectoryPart {
    fileprivate var text: BilingualText {
        switch self {
        case .endRecord: BilingualText(zh: "结尾记录有误", en: "end record")
        case .zip64: BilingualText(zh: "zip64 信息有误", en: "zip64 record")
        case .header: BilingualText(zh: "条目有误", en: "an entry's record")
        case .count: BilingualText(zh: "条目数不符", en: "number of entries")
        }
    }
}

extension ArchiveError.NameFault {
    fileprivate var text: BilingualText {
        switch self {
        case .empty: BilingualText(zh: "名称为空", en: "empty")
        case .absolute: BilingualText(zh: "绝对路径", en: "absolute path")
        case .parentFolder: BilingualText(zh: "含“..”", en: "it holds \"..\"")
        case .driveLetter: BilingualText(zh: "含盘符", en: "it begins with a drive letter")
        case .controlCharacter: BilingualText(zh: "含控制字符", en: "it holds a control character")
        }
    }
}

extension ArchiveError.HeadPart {
    fileprivate var text: BilingualText {
        switch self {
        case .signature: BilingualText(zh: "标记", en: "signature")
        case .flags: BilingualText(zh: "标志位", en: "flags")
        case .method: BilingualText(zh: "压缩方式", en: "method")
        case .name: BilingualText(zh: "文件名", en: "name")
        case .sizes: BilingualText(zh: "大小", en: "sizes")
        case .checksum: BilingualText(zh: "校验值", en: "checksum")
        case .descriptor: BilingualText(zh: "数据描述", en: "data descriptor")
        }
    }
}

/// A size as people read it, `1.5 GB`; binary multiples, as file managers count.
private func byteCount(_ bytes: Int) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB"]
    var value = bytes
    var rest = 0
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
        rest = value % 1024
        value /= 1024
        unit += 1
    }
    let tenth = rest * 10 / 1024
    return tenth == 0 ? "\(value) \(units[unit])" : "\(value).\(tenth) \(units[unit])"
}
