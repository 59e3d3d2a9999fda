import SurveillanceKit
import Tabular

extension RecordRows {
    /// A zero byte in a cell's text, or bytes that could not be decoded. A U+FFFD that was in the file is text that was lost before, and no fault
    /// of the file.
    @inline(never)
    func fault(of text: UnsafeBufferPointer<UInt8>) -> CellFault? {
        for (index, byte) in text.enumerated() {
            if byte == 0 { return .zeroByte }
            guard byte == 0xEF, index + 2 < text.count, text[index + 1] == 0xBF, text[index + 2] == 0xBD,
                !faults.isEmpty
            else { continue }
            // Text whose doubled quotes have been made single stands elsewhere; its place in the block is no longer known.
            let offset = text.baseAddress.map { $0 + index - start } ?? -1
            guard let offset = UInt32(exactly: offset), offset < byteCount else { return .encoding }
            if holdsFault(at: offset) { return .encoding }
        }
        return nil
    }
}

extension FormulaGuard {
    /// A cell of the correction form without the apostrophe that the form has put before what a spreadsheet would run.
    @inline(never)
    static func unguarded(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard concerns(text) else { return text }
        return CellText.trimmed(UnsafeBufferPointer(rebasing: text.dropFirst()))
    }
}
