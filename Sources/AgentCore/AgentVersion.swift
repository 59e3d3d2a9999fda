/// The version that `--version` and requests name: the platform's own.
public enum AgentVersion {
    public static let current = "0.1.0"
}
