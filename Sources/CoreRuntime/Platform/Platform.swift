public import Accounts
import AllPrograms
import Database
import Foundation
import HTTPServer
import IndicatorStore
public import Intake
public import ProgramFiles
import Registrations
public import ShangMi
public import SurveillanceKit
import Synchronization
import Timeliness
import Validation

/// A running deployment: its data, its people, its queue. Servers and commands are fronts to it.
public final class Platform: Sendable {
    public let configuration: Configuration
    public let registry: ProgramRegistry
    public let institutions: InstitutionDirectory
    public let accounts: AccountStore
    let data: DataFolder
    let pipeline: Pipeline
    /// To which institutions map their codes.
    let nationalLists: NationalLists
    let schedule: Schedule
    let signer: ReceiptSigner
    let workers: Workers
    let authenticator: Authenticator
    let sessions: SessionStore
    let factors: SecondFactors
    let signInSteps: SignInSteps
    public let tokens: ApiTokenStore
    let uploadSlots: UploadSlots
    let arrivals: ArrivalBook
    let random: RandomSource
    /// Binds the sign-in form to the browser it was shown in. A form from before the start is stale.
    let formKey: SymmetricKey
    let report: @Sendable (BilingualText) -> Void
    /// Requests, as the server in front counts them.
    let meter = RequestMeter()
    /// What hospitals download as their agent.
    let agent: AgentExecutable
    /// Asks the server in front how many connections it has open.
    let openConnections = Mutex<(@Sendable () -> Int)?>(nil)
    let integrity: IntegrityWatch
    /// Who owes what by when.
    let duties: DutyLedger
    /// The institutions of the deployment's file; those that were registered on the page come to them.
    let seed: [Institution]
    let registrations: RegistrationDesk
    /// The register as this server has taken it in.
    let register: Mutex<WholeRegister>
    /// Where people reach the server, as it has learned when it began to listen.
    let listeningAddress = Mutex<String?>(nil)
    let rules: RuleDesk
    let coverage: CoverageReader
    let feeds: FeedWatch
    let filledDays = FilledDays()
    let dutyTeller: DutyTeller
    public let figures: FigureDesk
    let publisher: FigurePublisher
    let now: @Sendable () -> Instant

    /// How often processing may have been cut off before the report counts as what ends the process. Generous: power cuts and
    /// operators end it far more often.
    private static let maximumCutOffs = 20

    /// Opens everything and takes up again what an earlier run received and did not finish.
    ///
    /// - Parameters:
    ///   - institutions: the register, or nil to read the configuration's file.
    ///   - adopts: opens a data folder although its database is missing, empty or older, or files are gone, and takes in again
    ///     what the log does not know.
    ///   - upMilliseconds: how long the machine has been up, by which a clock that was set is told from time that passed; nil asks the machine.
    ///   - fileSystem: through which everything sealed is written.
    ///   - report: told of what an operator should know.
    public init(
        _ configuration: Configuration, institutions: [Institution]? = nil, random: RandomSource = .strong,
        now: @escaping @Sendable () -> Instant = Instant.systemClock,
        upMilliseconds: (@Sendable () -> Int64)? = nil,
        fileSystem: FileSystem = .local, adopts: Bool = false, report: @escaping @Sendable (BilingualText) -> Void
    ) throws {
        let report = OperatorReports.reporting(report, to: configuration.plugins.notifiers, at: now)
        self.configuration = configuration
        self.random = random
        formKey = SymmetricKey(byteCount: 32, from: random)
        self.report = report
        uploadSlots = UploadSlots(maximum: configuration.uploadsPerInstitution)
        self.now = now
        agent = AgentExecutable(path: configuration.agentFile?.path)
        registry = try ProgramRegistry(folder: configuration.programsFolder, faulty: .setAside)
        registry.report(report)
        seed =
            if let institutions { institutions } else if let file = configuration.institutionsFile {
                try InstitutionsFile.read(file)
            } else { [Institution]() }
        data = try DataFolder(
            configuration, registry: registry, random: random, fileSystem: fileSystem, adopts: adopts, now: now(),
            report: report)
        registrations = RegistrationDesk(
            data, scanners: configuration.plugins.scanners, authorities: configuration.certificateAuthorities,
            random: random)
        let known = try data.database.readBlocking { [seed] in try WholeRegister(seed, in: $0) }
        register = Mutex(known)
        let listed = known.institutions
        self.institutions = try InstitutionDirectory(listed)
        integrity = IntegrityWatch(data)
        figures = FigureDesk(store: data.figures, records: data.records, now: now)
        duties = try DutyLedger(
            DutyRules(configuration, registry, listed), database: data.database,
            clock: DutyClock(
                now, known: try data.clock.latestKnown(),
                upMilliseconds: upMilliseconds ?? DutyClock.upMilliseconds,
                isBelieved: { [clock = data.clock] now in
                    do { return try clock.jump(at: now) == nil } catch { return false }
                }))
        publisher = FigurePublisher(
            desk: figures, database: data.database,
            institutions: FigurePublisher.InstitutionLookup(
                placed: listed.filter { !$0.region.isEmpty }.map { ($0.code, $0.region) },
                place: { [institutions = self.institutions] in institutions[$0].map(InstitutionPlace.init) }),
            report: report)
        dutyTeller = DutyTeller(duties, registry.programs.map(\.program))
        rules = RuleDesk(duties, registry.programs.map(\.program), random: random, now: now, report: report)
        try rules.load()
        coverage = CoverageReader(lineList: data.lineList, records: data.records, calendar: duties.calendar)
        feeds = FeedWatch(duties, registry.programs.map(\.program), coverage)
        try data.log.noteRegions(of: listed)
        arrivals = ArrivalBook(data)
        accounts = AccountStore(database: data.database, random: random)
        authenticator = try Authenticator(accounts: accounts, throttle: ThrottlePolicy())
        sessions = SessionStore(database: data.database, random: random)
        factors = SecondFactors(database: data.database, seal: data.seal, random: random)
        signInSteps = SignInSteps(
            accounts: accounts, sessions: sessions, factors: factors, authorities: configuration.certificateAuthorities,
            random: random)
        tokens = ApiTokenStore(database: data.database, random: random)
        let words = random.bytes(16).withUnsafeBytes {
            ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self))
        }
        nationalLists = try NationalLists(
            folder: configuration.nationalCodesFolder, of: registry.programs.flatMap(\.program.dictionaries))
        pipeline = Pipeline(
            registry: registry, data: data, institutions: self.institutions, seed: KeySeed(words),
            books: CodeBooks(nationalLists),
            maximumHeldBytes: configuration.maximumHeldBytes,
            archive: configuration.archive, table: configuration.table,
            now: now)
        schedule = try Schedule(
            JobRuns(database: data.database), now: now, report: report)
        signer = ReceiptSigner(data, schedule, now: now)
        workers = Workers(
            pipeline, log: data.log, maximumTries: configuration.maximumTries, maximumRunning: configuration.workers,
            schedule: schedule, signer: signer, report: report)
        addJobs()
        let told = try pipeline.tellWhatWasStored()
        if told > 0 {
            report(
                BilingualText(
                    zh: "上次运行结束时已有 \(told) 次上报入库；日志现已补记",
                    en: "\(told) submissions had been stored when the last run ended; the log knows it now"))
        }
        let taken = try data.log.takeUp(data.spool, maximumTries: Platform.maximumCutOffs, at: now())
        if !taken.cutOff.isEmpty {
            report(
                BilingualText(
                    zh: "上次停止时有 \(taken.cutOff.count) 次上报处理中断；重新开始处理",
                    en:
                        "\(taken.cutOff.count.counted("submission was", "submissions were")) cut off by the last stop; processing begins again"
                ))
        }
        if !taken.missing.isEmpty {
            report(
                BilingualText(
                    zh: "\(taken.missing.count) 次上报的原文件缺失",
                    en: "\(taken.missing.count.counted("submission has", "submissions have")) lost the bytes received"))
        }
        try lookAtStart(taken, adopts: adopts)
    }

    /// Begins to process what waits, and to run the recurring jobs.
    public func start() async {
        await workers.wake()
        schedule.start()
    }

    /// Finishes what is being processed; what waits stays for the next start.
    public func stop() async {
        await schedule.stop()
        await workers.stop()
        do {
            try data.noteHighest()
        } catch {
            report(ErrorText.of(error))
        }
    }
}
