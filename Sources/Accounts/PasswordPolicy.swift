public import SurveillanceKit

/// What a new password must be like.
///
/// Length and what guessers would try first count; kinds of characters are not prescribed.
/// Source: NIST SP 800-63B, 5.1.1.2; OWASP "Authentication Cheat Sheet".
public struct PasswordPolicy: Hashable, Sendable {
    public var minimumLength: Int
    public var maximumLength: Int
    /// How many guesses it must withstand, as a power of two.
    public var minimumBits: Double

    public init(minimumLength: Int = 10, maximumLength: Int = 256, minimumBits: Double = 30) {
        self.minimumLength = minimumLength
        self.maximumLength = maximumLength
        self.minimumBits = minimumBits
    }

    /// What a guesser knows of an account.
    public struct Names: Hashable, Sendable {
        public var account: String
        public var display: String?
        public var institution: Institution?

        public init(account: String, display: String? = nil, institution: Institution? = nil) {
            self.account = account
            self.display = display
            self.institution = institution
        }

        fileprivate var all: [String] {
            [account] + [display, institution?.code, institution?.name.zh, institution?.name.en].compactMap(\.self)
        }
    }

    public func check(_ password: String, against names: Names) throws(AccountError) {
        let length = password.unicodeScalars.count
        if length < minimumLength { throw .passwordTooShort(minimum: minimumLength) }
        if length > maximumLength { throw .passwordTooLong(maximum: maximumLength) }
        if Set(password.unicodeScalars).count < 4 { throw .passwordGuessable(.fewCharacters) }
        let plain = password.lowercased()
        if plain.contains(names.account.lowercased()) { throw .passwordGuessable(.name) }
        let strength = PasswordStrength(password, names: names.all)
        guard strength.bits < minimumBits else { return }
        switch strength.mainPart {
        case .name: throw .passwordGuessable(.name)
        case .commonWord: throw .passwordGuessable(.commonWord)
        case .walk: throw .passwordGuessable(.keyboardWalk)
        case .sequence: throw .passwordGuessable(.sequence)
        case .repetition: throw .passwordGuessable(.repetition)
        case .number: throw .passwordGuessable(.number)
        case .plain: throw .passwordGuessable(.commonWord)
        }
    }
}

/// Why a password is among the first that a guesser tries.
public enum PasswordWeakness: Hashable, Sendable {
    case fewCharacters, name, commonWord, keyboardWalk, sequence, repetition, number

    var message: BilingualText {
        switch self {
        case .fewCharacters:
            BilingualText(zh: "至少要有四个不同的字符", en: "it must have four different characters or more")
        case .name:
            BilingualText(
                zh: "主要由账号名、显示名或机构名称（也包括倒写、换写）组成，或包含账号名",
                en:
                    "it holds the account's name, or is mostly the name of the account or institution (also reversed or respelt)"
            )
        case .commonWord:
            BilingualText(
                zh: "主要由常见密码或常用词组成（加数字、换写也一样）",
                en: "it is mostly a common password or word, with digits or respelt")
        case .keyboardWalk:
            BilingualText(zh: "主要是键盘上相邻的键", en: "it is mostly a walk over neighbouring keys")
        case .sequence:
            BilingualText(zh: "主要是连续的数字或字母", en: "it is mostly a sequence of digits or letters")
        case .repetition:
            BilingualText(zh: "主要是重复的字符", en: "it mostly repeats the same characters")
        case .number:
            BilingualText(zh: "主要是年份、日期或电话号码", en: "it is mostly a year, a date or a telephone number")
        }
    }
}
