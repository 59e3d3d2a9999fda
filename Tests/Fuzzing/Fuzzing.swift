import Glibc

/// `vedette-fuzz`: gives one of the readers of untrusted bytes whatever libFuzzer makes up. `scripts/fuzz` builds and drives it.
///
/// A finding is a trap: of Swift's own checks, of the address sanitizer, or of a claim about what was read. libFuzzer brings `main`.
private let target: @Sendable ([UInt8]) -> Void =
    switch getenv("VEDETTE_FUZZ").map({ String(cString: $0) }) {
    case "reader": ReaderFuzzing.run
    case "archive": ArchiveFuzzing.run
    case "workbook": WorkbookFuzzing.run
    case "expressions": ExpressionFuzzing.run
    default: { _ in preconditionFailure("VEDETTE_FUZZ must be reader, archive, workbook or expressions") }
    }

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    target(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
