@testable import Portal

extension FakePlatform: ClientServices {
    func sm3(of bytes: [UInt8]) -> String { "sm3-of-\(bytes.count)" }
    func agentFile() -> AgentFile? { nil }
}
