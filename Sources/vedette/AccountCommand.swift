import Accounts
import CoreRuntime
import Foundation
import SurveillanceKit

/// `vedette account`: who may sign in.
enum AccountCommand: Command {
    static let name = "account"
    static let summary = BilingualText(zh: "添加、列出和修改账号", en: "add, list and change accounts")
    static let manual = Manual(
        usage: [
            .init(
                "vedette account list [options]",
                BilingualText(
                    zh: "账号、角色和权限、辖区、第二因素、最近登录", en: "name, role and rights, scope, second factor, last sign-in")),
            .init(
                "vedette account add NAME --institution CODE [options]",
                BilingualText(zh: "医疗机构账号", en: "a hospital's account")),
            .init(
                "vedette account add NAME --role provincial --region CODE [options]",
                BilingualText(zh: "卫生健康行政部门账号", en: "a health commission's account")),
            .init(
                "vedette account add NAME --role reviewer --region CODE [options]",
                BilingualText(zh: "审核该地区账号申请的账号", en: "who reviews the region's applications")),
            .init(
                "vedette account add NAME --role analyst [--region CODE] [options]",
                BilingualText(zh: "只看指标：一个地区的，或全国的", en: "who reads figures, of a region or the nation's")),
            .init(
                "vedette account add NAME --role ROLE [options]",
                BilingualText(zh: "国家级、系统、安全或审计管理账号", en: "national, platform, security or auditor")),
            .init(
                "vedette account region NAME --region CODE [options]", BilingualText(zh: "改换地区", en: "another region")),
            .init(
                "vedette account password NAME [--tokens] [options]",
                BilingualText(zh: "结束会话；加 --tokens 同时吊销令牌", en: "ends sessions; --tokens: and tokens")),
            .init(
                "vedette account reset-factor NAME [options]",
                BilingualText(zh: "手机丢失：下次登录时重新设置第二因素", en: "a lost telephone: the next sign-in sets another up")),
            .init(
                "vedette account disable|enable NAME [options]",
                BilingualText(zh: "停用会结束会话并永久吊销令牌", en: "disabling ends sessions and tokens for good")),
            .init(
                "vedette account token NAME --label TEXT [--expires WHEN]",
                BilingualText(zh: "供程序使用的令牌，只显示一次", en: "a token for a program; shown once")),
            .init("vedette account token list NAME [options]"),
            .init("vedette account token revoke ID [options]"),
            .init(
                "vedette account locks [options]",
                BilingualText(zh: "哪些账号在哪些地址因密码错误而等待", en: "who waits after wrong passwords, and where")),
            .init("vedette account unlock NAME [--address ADDRESS] [options]"),
        ],
        text: [
            BilingualText(
                zh: "密码从标准输入读取，一行；在终端上会提示输入且不显示。",
                en: "The password is read from standard input, one line; at a terminal it is asked for and not shown."),
            BilingualText(
                zh: "add 和 password 设置的密码只用于第一次登录：页面随即要求本人更换。医疗机构账号以外的账号还要设置第二因素（验证器应用）。",
                en:
                    "A password that add or password sets is for the first sign-in on the page, which asks for another one. Every account but a hospital's also sets up a second factor there, an authenticator app."
            ),
            BilingualText(
                zh: "有两名安全管理员（security）之后，医疗机构以外的账号由他们在页面 /people 上共同新建、扩大权限或重新启用，命令不再做这些。",
                en:
                    "Once there are two security administrators (role security), they make, widen and enable accounts other than hospitals' together, on the page /people, and the command does so no more."
            ),
        ],
        options: [
            .init("--institution", "CODE", zh: "账号所属机构的代码", en: "the institution that it reports for"),
            .init(
                "--role", "ROLE", zh: "institution、provincial、national、platform、security、auditor、reviewer 或 analyst",
                en: "institution, provincial, national, platform, security, auditor, reviewer or analyst"),
            .init(
                "--region", "CODE", zh: "GB/T 2260 的 2、4 或 6 位：所管辖的省、市、县",
                en: "2, 4 or 6 digits of GB/T 2260: the province, prefecture or county that it oversees"),
            .init("--display", "TEXT", zh: "页面上显示的名称（默认 NAME）", en: "the name that pages show (default: NAME)"),
            .init("--label", "TEXT", zh: "令牌的用途", en: "what the token is for"),
            .init(
                "--expires", "WHEN", zh: "令牌有效的最后一天，2027-06-30（北京时间），或有效天数：90",
                en: "the last day on which the token counts, 2027-06-30 (Beijing time), or for how many days: 90"),
            .init("--tokens", zh: "同时吊销该账号的令牌", en: "revokes the account's tokens, too"),
            .init("--address", "ADDRESS", zh: "只解除该地址上的等待", en: "the wait at one address alone"),
        ] + ConfigurationOptions.all)

    private static let actions = "list, add, region, password, reset-factor, disable, enable, token, locks and unlock"

    static func run(_ words: [String]) async throws -> Int32 {
        let arguments = try Arguments(
            words, manual)
        guard let action = arguments.operands.first else {
            throw UsageError("请说明操作：\(actions)", "say what to do: \(actions)")
        }
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
        case ("reset-factor", 1): try await resetFactor(operands[0], desk)
        case ("disable", 1): try await desk.setDisabled(true, of: operands[0])
        case ("enable", 1): try await desk.setDisabled(false, of: operands[0])
        case ("unlock", 1): try await TokensAndLocks.unlock(operands[0], arguments, desk)
        case ("token", 1): try await TokensAndLocks.create(operands[0], arguments, desk)
        case ("token", 2) where operands[0] == "list": try await TokensAndLocks.list(operands[1], desk)
        case ("token", 2) where operands[0] == "revoke":
            try await desk.revokeToken(operands[1])
            print(say("令牌 \(operands[1]) 已吊销", "token \(operands[1]) is revoked"))
        case ("token", _):
            throw UsageError(
                "应为 account token NAME、account token list NAME 或 account token revoke ID",
                "write account token NAME, account token list NAME or account token revoke ID")
        case ("list", _), ("locks", _): throw UsageError("account \(action) 不带 NAME", "account \(action) takes no NAME")
        case ("add", _), ("region", _), ("password", _), ("reset-factor", _), ("disable", _), ("enable", _),
            ("unlock", _):
            throw UsageError("account \(action) 需要一个 NAME", "account \(action) needs one NAME")
        default: throw UsageError("没有操作“\(action)”；可用 \(actions)", "no action '\(action)'; there are \(actions)")
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
        print(say("账号 \(name) 可以登录了", "account \(name) can sign in"))
        if let region = account.region { warnOfEmpty(region, desk) }
    }

    private static func setRegion(_ name: String, _ arguments: Arguments, _ desk: Desk) async throws {
        guard let region = try region(arguments) else {
            throw UsageError("account region 需要 --region CODE", "account region needs --region CODE")
        }
        try await desk.setRegion(region, of: name)
        print(say("账号 \(name) 可查看地区 \(region) 的机构", "account \(name) sees the institutions of region \(region)"))
        warnOfEmpty(region, desk)
    }

    private static func resetFactor(_ name: String, _ desk: Desk) async throws {
        let isRemoved = try await desk.removeSecondFactor(of: name)
        print(
            isRemoved
                ? say("账号 \(name) 下次登录时重新设置第二因素", "account \(name) sets up another second factor at its next sign-in")
                : say("账号 \(name) 没有第二因素", "account \(name) has no second factor"))
    }

    private static func region(_ arguments: Arguments) throws -> Region? {
        guard let text = arguments.value("--region") else { return nil }
        guard let region = Region(text) else {
            throw UsageError(
                "“\(text)”不是地区代码：应为 GB/T 2260 的 2、4 或 6 位，如 43、4301、430102",
                "'\(text)' is no region: 2, 4 or 6 digits of GB/T 2260 are needed, such as 43, 4301 or 430102")
        }
        return region
    }

    private static func warnOfEmpty(_ region: Region, _ desk: Desk) {
        guard desk.institutionCount(in: region) == 0 else { return }
        print(
            say(
                "地区 \(region) 尚无登记的机构；机构名录中的 region 说明各机构所在地区",
                "no registered institution lies in region \(region) yet; 'region' in the institutions file says where each does"
            )
        )
    }

    private static func list(_ desk: Desk) async throws {
        let accounts = try await desk.accountList()
        if accounts.isEmpty {
            print(
                say(
                    "还没有账号；用 vedette account add NAME --institution CODE 添加",
                    "no account yet; add one with: vedette account add NAME --institution CODE"))
        }
        for listed in accounts { print(line(listed)) }
    }

    /// Name, role and rights, scope, second factor, last sign-in, display name and, where it is, that it is disabled: parted by tabs.
    static func line(_ listed: ListedAccount) -> String {
        let account = listed.account
        let role = account.role == .institution ? "institution/\(account.rights.rawValue)" : account.role.rawValue
        let isNational = [.national, .platform, .analyst].contains(account.role)
        let scope = account.institution ?? account.region?.prefix ?? (isNational ? say("全国", "nation") : "-")
        let factor =
            listed.hasSecondFactor
            ? say("有第二因素", "second factor")
            : account.role.needsSecondFactor ? say("无第二因素", "no second factor") : "-"
        let signedIn = listed.lastSignInAt.map(\.utc) ?? say("从未登录", "never signed in")
        let parts = [account.name, role, scope, factor, signedIn, account.displayName]
        return (parts + (account.isDisabled ? [say("已停用", "disabled")] : [])).joined(separator: "\t")
    }
}

/// Reads a password without showing it.
enum Password {
    static func read() throws -> String {
        let isTerminal = isatty(0) == 1
        var saved = termios()
        if isTerminal {
            FileHandle.standardError.write(Data(say("密码：", "password: ").utf8))
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
            throw UsageError("标准输入中没有密码：请以一行给出", "no password on standard input; give it as one line")
        }
        return line
    }
}
