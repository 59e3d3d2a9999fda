import Glibc

/// Seconds that only go forward, and do not jump when somebody sets the clock.
public struct BootClock: Sendable {
    /// Which start of the machine the seconds count from; seconds of two starts cannot be compared.
    public var boot: String
    /// Since that start, the time asleep included.
    public var seconds: @Sendable () -> Int64

    public init(boot: String, seconds: @escaping @Sendable () -> Int64) {
        self.boot = boot
        self.seconds = seconds
    }

    /// Source: Linux, clock_gettime(2), CLOCK_BOOTTIME; random(4), boot_id.
    public static let system = BootClock(boot: bootID()) {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec)
    }

    private static func bootID() -> String {
        guard let file = fopen("/proc/sys/kernel/random/boot_id", "r") else { return "unknown" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count].filter { $0 > 0x20 }, as: UTF8.self)
    }
}
