/// What hospitals take home besides papers: programs that report by themselves.
public protocol ClientServices: Sendable {
    /// The SM3 digest of bytes, in hexadecimal digits.
    func sm3(of bytes: [UInt8]) -> String

    /// The agent's executable as it lies at the server now; nil where there is none.
    func agentFile() async throws -> AgentFile?
}

/// An executable that the server hands out.
public struct AgentFile: Sendable {
    public var size: Int
    /// In hexadecimal digits.
    public var sm3: String
    /// Whether it runs on any x86-64 Linux, without libraries of the system.
    public var isStatic: Bool
    /// Reads at most so many bytes from a place: fewer only where the file ends sooner.
    public var read: @Sendable (_ offset: Int, _ count: Int) throws -> [UInt8]

    public init(
        size: Int, sm3: String, isStatic: Bool,
        read: @escaping @Sendable (_ offset: Int, _ count: Int) throws -> [UInt8]
    ) {
        self.size = size
        self.sm3 = sm3
        self.isStatic = isStatic
        self.read = read
    }
}
