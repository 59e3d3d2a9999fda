public import SurveillanceKit

/// Why a program takes nothing of a file at present, whatever is in it.
public struct FileRefusal: Sendable {
    public var program: String
    public var fileType: String
    public var code: FindingCode
    public var message: BilingualText

    public init(program: String, fileType: String, code: FindingCode, message: BilingualText) {
        self.program = program
        self.fileType = fileType
        self.code = code
        self.message = message
    }

    func finding(file: String) -> Finding {
        Finding(
            file: file, program: program, fileType: fileType, severity: .error, code: code, message: message)
    }
}
