/// How long a code sent to a telephone holds, and how many are sent.
public struct PhoneCodePolicy: Hashable, Sendable {
    public var lifetimeSeconds: Int64 = 300
    /// A code is worth nothing after so many wrong attempts.
    public var tries = 5
    /// To one number.
    public var perMinute = 1
    public var perHour = 5
    public var perDay = 8
    /// Asked for from one address.
    public var perAddressHour = 20
    /// To all numbers together within a day: each message costs money.
    public var perDayInAll = 20_000

    public init() {}
}

/// What a code is for; one that was sent for another purpose is wrong.
public enum PhoneCodePurpose: String, CaseIterable, Sendable {
    case application
    /// A forgotten password.
    case password
}

/// What came of asking for a code.
public enum PhoneCodeRequest: Hashable, Sendable {
    /// It is on its way.
    case sent
    /// None is sent before so many seconds have passed.
    case wait(seconds: Int64)
    /// The platform sends no more today.
    case exhausted
}

/// What came of giving a code back.
public enum PhoneCodeVerdict: Hashable, Sendable {
    case right
    /// It may be tried so often yet.
    case wrong(triesLeft: Int)
    /// There is no code that counts: none was sent, its time is over, it was used, or it was tried too often.
    case none
}
