import Accounts
import CoreRuntime
import Foundation
import SurveillanceKit

/// `vedette account`: who may sign in.
enum AccountCommand: Command {
    static let name = "account"
    static let summary = "add, list and change accounts"
    static let help = """
        usage: vedette account list [options]
               vedette account add NAME --institution CODE [options]       a hospital's account
               vedette account add NAME --role provincial --region CODE [options]
                                                                           a health commission's account
               vedette account add NAME --role ROLE [options]              national or platform
               vedette account region NAME --region CODE [options]         another region
               vedette account password NAME [--tokens] [options]          ends sessions; --tokens: and tokens
               vedette account disable|enable NAME [options]               disabling ends sessions and tokens for good
               vedette account token NAME --label TEXT [--expires WHEN]    a token for a program; shown once
               vedette account token list NAME [options]
               vedette account token revoke ID [options]
               vedette account locks [options]                             who waits after wrong passwords, and where
               vedette account unlock NAME [--address ADDRESS] [options]

        The password is read from standard input, one line; at a terminal it is asked for and not shown.

          --region CODE         2, 4 or 6 digits of GB/T 2260: the province, prefecture or county that it oversees
          --display TEXT        the name that pages show (default: NAME)
          --expires WHEN        the last day on which the token counts, 2027-06-30 (Beijing time), or for how many days: 90
          --tokens              revokes the account's tokens, too
          --address ADDRESS     the wait at one address alone
        \(ConfigurationOptions.help)
        """

    private static let actions = "list, add, region, password, disable, enable, token, locks and unlock"

    static func run(_ words: [String]) async throws -> Int32 {
        let options = ["--institution", "--role", "--region", "--display", "--label", "--expires", "--address"]
        let arguments = try Arguments(
            words, shape: .init(options: ConfigurationOptions.names + options, flags: ["--tokens"]))
        guard let action = arguments.operands.first else { throw UsageError("say what to do: \(actions)") }
        let desk = try Desk(
            try ConfigurationOptions.configuration(arguments), operatorName: Operator.name, mayMake: action == "add")
        let operands = Array(arguments.operands.dropFirst())
        switch (action, operands.count) {
        case ("list", 0): try await list(desk)
        case ("locks", 0): try await TokensAndLocks.locks(desk)
        case ("add", 1): try await add(operands[0], arguments, desk)
        case ("region", 1): try await setRegion(operands[0], arguments, desk)
        case ("password", 1):
            try await desk.setPassword(
                try Password.read(), of: operands[0], revokingTokens: arguments.flags.contains("--tokens"))
        case ("disable", 1): try await desk.setDisabled(true, of: operands[0])
        case ("enable", 1): try await desk.setDisabled(false, of: operands[0])
        case ("unlock", 1): try await TokensAndLocks.unlock(operands[0], arguments, desk)
        case ("token", 1): try await TokensAndLocks.create(operands[0], arguments, desk)
        case ("token", 2) where operands[0] == "list": try await TokensAndLocks.list(operands[1], desk)
        case ("token", 2) where operands[0] == "revoke":
            try await desk.revokeToken(operands[1])
            print("token \(operands[1]) is revoked")
        case ("token", _):
            throw UsageError("write account token NAME, account token list NAME or account token revoke ID")
        case ("list", _), ("locks", _): throw UsageError("account \(action) takes no NAME")
        case ("add", _), ("region", _), ("password", _), ("disable", _), ("enable", _), ("unlock", _):
            throw UsageError("account \(action) needs one NAME")
        default: throw UsageError("no action '\(action)'; there are \(actions)")
        }
        return 0
    }

    private static func add(_ name: String, _ arguments: Arguments, _ desk: Desk) async throws {
        let institution = arguments.value("--institution")
        let roles = Role.allCases.map(\.rawValue)
        let role = try arguments.choice(
            "--role", of: roles, default: institution == nil ? "" : Role.institution.rawValue)
        let account = Account(
            name: name, displayName: arguments.value("--display") ?? name, role: Role(rawValue: role) ?? .institution,
            institution: institution, region: try region(arguments))
        try await desk.create(account, password: try Password.read())
        print("account \(name) can sign in")
        if let region = account.region { warnOfEmpty(region, desk) }
    }

    private static func setRegion(_ name: String, _ arguments: Arguments, _ desk: Desk) async throws {
        guard let region = try region(arguments) else { throw UsageError("account region needs --region CODE") }
        try await desk.setRegion(region, of: name)
        print("account \(name) sees the institutions of region \(region)")
        warnOfEmpty(region, desk)
    }

    private static func region(_ arguments: Arguments) throws -> Region? {
        guard let text = arguments.value("--region") else { return nil }
        guard let region = Region(text) else {
            throw UsageError(
                "'\(text)' is no region: 2, 4 or 6 digits of GB/T 2260 are needed, such as 43, 4301 or 430102")
        }
        return region
    }

    private static func warnOfEmpty(_ region: Region, _ desk: Desk) {
        guard desk.institutionCount(in: region) == 0 else { return }
        print(
            "no registered institution lies in region \(region) yet; 'region' in the institutions file says where each does"
        )
    }

    private static func list(_ desk: Desk) async throws {
        let accounts = try await desk.accountList()
        if accounts.isEmpty { print("no account yet; add one with: vedette account add NAME --institution CODE") }
        for account in accounts {
            let place = "\t" + (account.institution ?? account.region?.prefix ?? "-")
            print(
                "\(account.name)\t\(account.role.rawValue)\(place)\t\(account.displayName)\(account.isDisabled ? "\tdisabled" : "")"
            )
        }
    }
}

/// Reads a password without showing it.
enum Password {
    static func read() throws -> String {
        let isTerminal = isatty(0) == 1
        var saved = termios()
        if isTerminal {
            FileHandle.standardError.write(Data("password: ".utf8))
            tcgetattr(0, &saved)
            var silent = saved
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(0, TCSANOW, &silent)
        }
        defer {
            if isTerminal {
                tcsetattr(0, TCSANOW, &saved)
                FileHandle.standardError.write(Data("\n".utf8))
            }
        }
        guard let line = readLine(), !line.isEmpty else {
            throw UsageError("no password on standard input; give it as one line")
        }
        return line
    }
}
