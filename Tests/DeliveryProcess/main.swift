import Database
import Glibc
import Notices
import PluginKit
import PostgreSQLStore
import SurveillanceKit

// A server's deliveries in a process of their own, for the test that kills it: takes up what the last run left, hands over what is due, and
// ends. Words: the store, where it is, the gateway's port, what is done where nobody knows, the time in milliseconds, and at which step from
// now it is killed (-1 for none).
let words = CommandLine.arguments.dropFirst().map { String($0) }
guard words.count == 6, let port = Int(words[2]), let now = Int64(words[4]) else { exit(2) }

let database: any SQLDatabase =
    if words[0] == "SQLite" {
        try SQLiteDatabase(path: words[1], readers: 1)
    } else {
        try PostgreSQLDatabase(
            PostgreSQLSettings(
                connection: String(words[1].drop { $0 != " " }.dropFirst()),
                schema: String(words[1].prefix { $0 != " " })))
    }
let remedy: UnsureRemedy = words[3] == "ask" ? .ask : words[3] == "hold" ? .hold : .tellAgain
var policy = DeliveryPolicy()
policy.perMinute = 1_000_000
policy.mostTries = 1_000_000
policy.mostFailuresInARow = 1_000_000
let deliveries = Deliveries(
    database, [Deliveries.Channel("gateway", SocketNotifier(port: port, whenUnsure: remedy))], Contacts(), policy,
    holder: "server", step: { _ in Killing.step() })
try deliveries.takeUp()
_ = try deliveries.run(at: { Instant(milliseconds: now) })
