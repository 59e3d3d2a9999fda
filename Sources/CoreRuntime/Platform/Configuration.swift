public import Foundation
public import HTTPServer
public import Notices
public import Portal
public import ShangMi
public import Tabular

/// What a deployment can set without a release: `Config/vedette.json`. Every property has a default, so the file may be empty.
public struct Configuration: Sendable {
    /// Where the server listens; port 0 takes any free one.
    public var host = "127.0.0.1"
    public var port = 8080
    /// Where people reach the server, for links in mails and text messages: `https://vedette.example`; nil for the address that it listens on.
    public var publicAddress: String?
    /// Who vouches for SM2 certificates of administrators; none where they are not taken.
    public var certificateAuthorities: [SM2Certificate] = []
    /// Whether two reviewers have to approve an application.
    public var needsSecondReviewer = false
    /// HTTPS instead of HTTP.
    public var tls: TLSFiles?
    /// What the server puts up with; its host, port and certificate are those above.
    public var server = ServerConfiguration()
    /// The proxies in front, whose `X-Forwarded-For` is believed.
    public var trustedProxies: [NetworkRange] = []
    /// Database, sealed uploads, findings and keys.
    public var dataFolder: URL
    public var programsFolder: URL
    public var institutionsFile: URL?
    /// What the deployment sets beside its programs' deadlines and scopes; nil for nothing.
    public var deadlinesFolder: URL?
    /// Holidays and make-up workdays; nil for none.
    public var calendarFolder: URL?
    /// National lists of codes, a file a category; nil for none.
    public var nationalCodesFolder: URL?
    /// The agent's executable, which hospitals download; nil for none.
    public var agentFile: URL?
    /// How many submissions are processed at once.
    public var workers = 2
    public var maximumUploadBytes = 20 << 20
    /// How many uploads of one institution may be under way at once.
    public var uploadsPerInstitution = 256
    public var archive = ArchiveLimits()
    public var table = TableLimits()
    /// What must stay free on the disk.
    public var reserveBytes = 256 << 20
    /// How often a submission is tried before it has failed.
    public var maximumTries = 3
    /// So many de-identified rows of a package, in bytes, wait to be stored. From then on they are stored while further ones are checked, and
    /// what checks waits: it leaves its processor to what stores, which is last to end, and memory is bounded. To store so many takes some
    /// 15 ms, measured on SQLite.
    public var maximumHeldBytes = 1 << 19

    /// What the deployment has turned on beyond what every one has.
    public var plugins = EnabledPlugins()
    public var notices = NoticeSettings()
    /// Whom people ask for help.
    public var support: [SupportContact] = []
    /// Whether this is a demo, whose text messages and mails are shown on a page. No file can say so.
    public var isDemo = false

    /// PEM files.
    public struct TLSFiles: Hashable, Sendable {
        /// The server's certificate, then those that lead to its root.
        public var certificate: URL
        public var key: URL

        public init(certificate: URL, key: URL) {
            self.certificate = certificate
            self.key = key
        }
    }

    public init(dataFolder: URL, programsFolder: URL, institutionsFile: URL? = nil) {
        self.dataFolder = dataFolder
        self.programsFolder = programsFolder
        self.institutionsFile = institutionsFile
    }

    /// Hands out the `vedette-agent` that lies beside this program, where nothing else is set.
    public mutating func findAgent() {
        guard agentFile == nil,
            let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        else { return }
        agentFile = URL(fileURLWithPath: program).deletingLastPathComponent().appendingPathComponent("vedette-agent")
    }

    /// Takes `HOST:PORT`, `:PORT` or `[::1]:PORT`.
    public mutating func setListen(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw ListenError(text: text)
        }
        let host = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.host = host.isEmpty ? "127.0.0.1" : host
        self.port = Int(port)
    }
}

/// An address that is none.
public struct ListenError: Error, CustomStringConvertible {
    var text: String
    public var description: String { "'\(text)' is no address to listen on; write it as 127.0.0.1:8080" }
}
