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
               vedette account password NAME [options]
               vedette account disable|enable NAME [options]
               vedette account token NAME --label TEXT [options]           a token for a program; shown once

        The password is read from standard input, one line; at a terminal it is asked for and not shown.

          --region CODE         2, 4 or 6 digits of GB/T 2260: the province, prefecture or county that it oversees
          --display TEXT        the name that pages show (default: NAME)
        \(ConfigurationOptions.help)
        """

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words,
            shape: .init(
                options: ConfigurationOptions.names + ["--institution", "--role", "--region", "--display", "--label"]))
        guard let action = arguments.operands.first else {
            throw UsageError("say what to do: list, add, region, password, disable, enable or token")
        }
        let desk = try Desk(
            try ConfigurationOptions.configuration(arguments),
            operatorName: Operator.name)
        if action == "list" {
            try await list(desk)
            return 0
        }
        guard arguments.operands.count == 2 else { throw UsageError("account \(action) needs one NAME") }
        let name = arguments.operands[1]
        switch action {
        case "add": try await add(name, arguments, desk)
        case "region": try await setRegion(name, arguments, desk)
        case "password": try await desk.setPassword(try Password.read(), of: name)
        case "disable": try await desk.setDisabled(true, of: name)
        case "enable": try await desk.setDisabled(false, of: name)
        case "token": print(try await desk.createToken(for: name, label: arguments.value("--label") ?? "command line"))
        default:
            throw UsageError("no action '\(action)'; there are list, add, region, password, disable, enable and token")
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
