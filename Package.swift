// swift-tools-version: 6.0
import PackageDescription

// The rooms of the house, in the order a report passes through them; `docs/architecture.md` has the picture.
// Imports run one way, against the flow: a target may import only what stands above it here.

let package = Package(
    name: "vedette",
    products: [
        .executable(name: "vedette", targets: ["vedette"]),
        .executable(name: "vedette-agent", targets: ["vedette-agent"]),
    ],
    targets: [
        // C libraries from Debian, each imported by exactly one target. Their module maps say what to link, so no pkg-config is needed.
        .systemLibrary(name: "CISAL", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CGcrypt", providers: [.apt(["libgcrypt20-dev"])]),
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CMicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CJansson", providers: [.apt(["libjansson-dev"])]),
        .systemLibrary(name: "CGLPK", providers: [.apt(["libglpk-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CXlsxWriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CQREncode", providers: [.apt(["libqrencode-dev"])]),
        .systemLibrary(name: "CPangoCairo", providers: [.apt(["libpango1.0-dev"])]),
        .systemLibrary(name: "CPQ", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        // Functions of glibc that Swift's own module does not show.
        .systemLibrary(name: "CChildProcess"),

        // Its headers include one another by a path that only pkg-config knows.
        .systemLibrary(name: "CXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),

        // The compiler's own header of the processor's vector instructions (SSE2); elsewhere than on x86-64 nothing.
        .systemLibrary(name: "CVector"),

        // The one piece of C of our own: freed memory is overwritten.
        .target(name: "ForgetfulMemory"),

        // The words.
        .target(name: "JSON"),
        .target(name: "SurveillanceKit", dependencies: ["JSON"]),
        .target(name: "RegularExpressions", dependencies: ["SurveillanceKit"]),
        .target(name: "Expressions", dependencies: ["SurveillanceKit", "RegularExpressions"]),

        // Who owes what by when: pure functions over rules, institutions and receipts.
        .target(name: "Timeliness", dependencies: ["JSON", "SurveillanceKit", "Expressions"]),

        // What figures are made of: pure functions over definitions and records.
        .target(name: "Indicators", dependencies: ["SurveillanceKit", "Expressions"]),

        // What stands between counted cells and people: figures, what is hidden from whom, tables, charts. Pure functions.
        .target(name: "Reporting", dependencies: ["JSON", "SurveillanceKit"]),

        // What institutions' codes say: pure functions.
        .target(name: "Institutions", dependencies: ["JSON", "SurveillanceKit"]),

        // The way of a report.
        .target(name: "Tabular", dependencies: ["SurveillanceKit", "CISAL", "CVector", "CXML2"]),
        .target(
            name: "Validation",
            dependencies: [
                "SurveillanceKit", "JSON", "RegularExpressions", "Expressions", "Tabular", "ForgetfulMemory",
            ]),
        .target(name: "ShangMi", dependencies: ["CGcrypt"]),
        .target(name: "Deidentification", dependencies: ["SurveillanceKit", "Validation", "ShangMi"]),
        .target(name: "Database", dependencies: ["SurveillanceKit", "CSQLite"]),
        .target(name: "Records", dependencies: ["SurveillanceKit", "Deidentification", "Database"]),
        // The figures: kept by difference, in the transactions that change the records.
        .target(
            name: "IndicatorStore",
            dependencies: ["SurveillanceKit", "Indicators", "Reporting", "Deidentification", "Database", "Records"]),
        .target(name: "Intake", dependencies: ["SurveillanceKit", "JSON", "ShangMi", "Database"]),
        // The institutions' tables of codes: read, kept, used.
        .target(name: "Dictionaries", dependencies: ["SurveillanceKit", "Tabular", "Database"]),
        // What came of submissions, program by program: what obligations are judged by in a server.
        .target(name: "TimelinessStore", dependencies: ["SurveillanceKit", "Timeliness", "Database"]),

        // What the programs' folders say.
        .target(
            name: "ProgramFiles",
            dependencies: [
                "SurveillanceKit", "Expressions", "Indicators", "Timeliness", "Tabular", "Validation", "JSON",
            ]),

        // Who may do what, and how they reach it.
        .target(name: "Audit", dependencies: ["SurveillanceKit", "JSON", "ShangMi", "Database"]),
        .target(name: "Accounts", dependencies: ["SurveillanceKit", "ShangMi", "Database", "Audit", "Intake"]),
        // Its own `recv` and `gnutls_record_recv` stand before those that libmicrohttpd would call: Sources/HTTPServer/ReceiveHook.swift.
        .target(
            name: "HTTPServer", dependencies: ["SurveillanceKit", "JSON", "CMicrohttpd", "ForgetfulMemory"],
            linkerSettings: [
                .unsafeFlags([
                    "-Xlinker", "--export-dynamic-symbol=recv", "-Xlinker",
                    "--export-dynamic-symbol=gnutls_record_recv",
                ])
            ]),
        .target(name: "HTTPClient", dependencies: ["CCurl"]),
        .target(name: "Settings", dependencies: ["SurveillanceKit", "JSON", "Validation"]),
        // What a deployment may do without; `Sources/CoreRuntime/AllPlugins.swift` lists them.
        .target(name: "PluginKit", dependencies: ["SurveillanceKit", "Validation", "Settings", "Database"]),
        // What is to be told to whom, until it has been told.
        .target(name: "QRCodes", dependencies: ["CQREncode"]),
        .target(
            name: "Notices",
            dependencies: ["SurveillanceKit", "JSON", "Validation", "ShangMi", "Database", "Settings", "PluginKit"]),
        // Scans that people upload: looked at, sealed as they came, shown as pictures drawn anew.
        .target(
            name: "Documents",
            dependencies: ["JSON", "SurveillanceKit", "ShangMi", "Intake", "CChildProcess"]),
        // How institutions get their accounts: applications, reviews, codes to telephones, the register.
        .target(
            name: "Registrations",
            dependencies: [
                "SurveillanceKit", "Institutions", "ShangMi", "Database", "Audit", "Accounts", "Intake", "PluginKit",
                "Notices",
            ]),
        .target(
            name: "Portal",
            dependencies: [
                "SurveillanceKit", "JSON", "RegularExpressions", "Institutions", "Intake", "Accounts", "HTTPServer",
                "Timeliness", "Notices", "Registrations", "Reporting", "QRCodes", "Dictionaries",
            ]),

        // Programs with a module of their own; one without is loaded from its folder alone.
        .target(
            name: "Influenza", dependencies: ["SurveillanceKit"], path: "Surveillance/Influenza",
            exclude: ["program.json", "concepts.csv", "README.md", "files", "codelists", "Cases"]),

        .target(name: "AllPrograms", dependencies: ["SurveillanceKit", "Validation", "ProgramFiles", "Influenza"]),

        // A whole package, offline: what `vedette check` and an upload share. No server, no database.
        .target(name: "Checking", dependencies: ["SurveillanceKit", "JSON", "Tabular", "Validation", "ProgramFiles"]),
        .target(name: "Seeding"),
        .target(
            name: "PostgreSQLStore", dependencies: ["SurveillanceKit", "Database", "PluginKit", "CPQ"],
            path: "Plugins/Store/PostgreSQL/Sources"),
        .target(name: "ExportCSV", dependencies: ["SurveillanceKit", "PluginKit"], path: "Plugins/Export/CSV/Sources"),
        .target(
            name: "ExportXLSX", dependencies: ["SurveillanceKit", "PluginKit", "CXlsxWriter"],
            path: "Plugins/Export/XLSX/Sources"),
        .target(
            name: "NotifyMail", dependencies: ["SurveillanceKit", "HTTPClient", "PluginKit"],
            path: "Plugins/Notify/Mail/Sources"),
        .target(
            name: "NotifyWebhook",
            dependencies: ["SurveillanceKit", "JSON", "Validation", "ShangMi", "HTTPClient", "Settings", "PluginKit"],
            path: "Plugins/Notify/Webhook/Sources", exclude: []),
        .target(name: "NotifyLog", dependencies: ["SurveillanceKit", "PluginKit"], path: "Plugins/Notify/Log/Sources"),
        .target(
            name: "ExportPDF", dependencies: ["SurveillanceKit", "PluginKit", "CPangoCairo"],
            path: "Plugins/Export/PDF/Sources"),
        .target(
            name: "ScanClamAV", dependencies: ["SurveillanceKit", "PluginKit"], path: "Plugins/Scan/ClamAV/Sources"),
        .target(
            name: "SelfTest",
            dependencies: [
                "SurveillanceKit", "Tabular", "Validation", "ProgramFiles", "Settings", "Checking", "Seeding",
            ]),

        .target(
            name: "CoreRuntime",
            dependencies: [
                "JSON", "SurveillanceKit", "Settings", "Tabular", "Validation", "ShangMi", "Deidentification",
                "Database",
                "Records", "Indicators", "IndicatorStore", "Reporting",
                "ProgramFiles", "AllPrograms", "Checking", "Intake", "Audit", "Accounts", "HTTPServer", "Portal",
                "ForgetfulMemory", "PluginKit", "Notices", "PostgreSQLStore", "NotifyLog", "NotifyMail",
                "NotifyWebhook", "ExportCSV", "ExportPDF", "ScanClamAV", "ExportXLSX", "Timeliness",
                "TimelinessStore", "Institutions", "Documents", "Registrations", "Dictionaries",
            ]),
        .executableTarget(
            name: "vedette",
            dependencies: [
                "JSON", "SurveillanceKit", "Institutions", "Timeliness", "Validation", "ProgramFiles", "AllPrograms",
                "Checking", "SelfTest", "Intake", "Audit", "Accounts", "CoreRuntime", "HTTPClient", "ForgetfulMemory",
                "ShangMi",
                "PluginKit", "Notices", "NotifyLog", "ExportCSV", "ExportXLSX", "Reporting", "Portal", "Registrations",
                "Documents",
                "Settings",
            ]),
        // The hospital's agent: few imports, all of which link statically (`scripts/build-agent`).
        .target(name: "AgentHTTP", dependencies: ["COpenSSL", "SurveillanceKit"]),
        .target(name: "AgentCore", dependencies: ["JSON", "SurveillanceKit", "ShangMi", "AgentHTTP"]),
        .executableTarget(name: "vedette-agent", dependencies: ["SurveillanceKit", "AgentHTTP", "AgentCore"]),
        // `swift package list-programs` and `show-program`: `vedette program …` for whoever works on programs here.
        .plugin(
            name: "ListPrograms",
            capability: .command(
                intent: .custom(verb: "list-programs", description: "lists the programs: vedette program list")),
            dependencies: ["vedette"], path: "Plugins/Build/ListPrograms"),
        .plugin(
            name: "ShowProgram",
            capability: .command(
                intent: .custom(verb: "show-program", description: "shows one program: vedette program show ID")),
            dependencies: ["vedette"], path: "Plugins/Build/ShowProgram"),
        .executableTarget(
            name: "vedette-bench",
            dependencies: [
                "SurveillanceKit", "Tabular", "Validation", "ShangMi", "Database", "ProgramFiles", "AllPrograms",
                "Checking", "SelfTest", "Intake", "Audit", "Accounts", "HTTPServer", "ForgetfulMemory", "PluginKit",
                "CoreRuntime", "Timeliness", "Deidentification", "Records", "Indicators", "IndicatorStore",
                "Reporting", "Seeding",
            ]),

        // Tests: a folder a target. What several of them need: `PlainTables` an independent reader, `TestKit` for any room,
        // `CheckKit` for those that check packages, `StoreKit` for those that run on every store.
        .target(name: "PlainTables", path: "Tests/PlainTables"),
        .target(name: "TestKit", dependencies: ["Seeding"], path: "Tests/TestKit"),
        .target(
            name: "CheckKit",
            dependencies: [
                "SurveillanceKit", "Tabular", "Validation", "ProgramFiles", "AllPrograms", "Checking", "SelfTest",
                "PlainTables",
            ],
            path: "Tests/CheckKit"),
        .target(
            name: "StoreKit",
            dependencies: [
                "Database", "PluginKit", "Settings", "PostgreSQLStore", "SurveillanceKit", "Deidentification",
                "Records",
            ],
            path: "Tests/StoreKit"),
        .testTarget(name: "SurveillanceKitTests", dependencies: ["SurveillanceKit", "TestKit", "Seeding"]),
        .testTarget(name: "InstitutionsTests", dependencies: ["Institutions", "SurveillanceKit"], exclude: ["Golden"]),
        .testTarget(name: "QRCodesTests", dependencies: ["QRCodes"]),
        .testTarget(name: "JSONTests", dependencies: ["CJansson", "JSON", "SurveillanceKit", "TestKit", "Seeding"]),
        .testTarget(name: "RegularExpressionsTests", dependencies: ["RegularExpressions", "SurveillanceKit"]),
        .testTarget(name: "ExpressionsTests", dependencies: ["Expressions", "SurveillanceKit"]),
        .testTarget(
            name: "TimelinessTests",
            dependencies: [
                "Timeliness", "ProgramFiles", "SurveillanceKit", "Tabular", "Validation", "CheckKit", "Seeding",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "ReportingTests", dependencies: ["CGLPK", "Reporting", "JSON", "Seeding", "SurveillanceKit"]),
        .testTarget(
            name: "TimelinessStoreTests",
            dependencies: ["TimelinessStore", "Timeliness", "SurveillanceKit", "Database", "StoreKit"]),
        .testTarget(
            name: "TabularTests", dependencies: ["Tabular", "PlainTables", "TestKit", "Seeding", "SurveillanceKit"]),
        .testTarget(
            name: "ValidationTests",
            dependencies: [
                "SurveillanceKit", "Tabular", "Validation", "ProgramFiles", "Checking", "SelfTest", "TestKit",
                "CheckKit", "Seeding",
            ]),
        .testTarget(
            name: "DictionariesTests",
            dependencies: ["Dictionaries", "SurveillanceKit", "Tabular", "Database", "StoreKit", "CheckKit"],
            exclude: ["Gold"]),
        .testTarget(name: "ShangMiTests", dependencies: ["ShangMi", "TestKit"]),
        .testTarget(name: "DatabaseTests", dependencies: ["Database", "TestKit", "StoreKit"]),
        .testTarget(
            name: "NotifyMailTests",
            dependencies: ["NotifyMail", "PluginKit", "Settings", "SurveillanceKit", "Validation", "TestKit"],
            path: "Plugins/Notify/Mail/Tests"),
        .testTarget(
            name: "NotifyWebhookTests",
            dependencies: [
                "NotifyWebhook", "HTTPServer", "JSON", "PluginKit", "Settings", "ShangMi", "SurveillanceKit",
                "Validation",
            ], path: "Plugins/Notify/Webhook/Tests"),
        .testTarget(
            name: "NotifyLogTests",
            dependencies: ["NotifyLog", "PluginKit", "Settings", "SurveillanceKit", "Validation"],
            path: "Plugins/Notify/Log/Tests"),
        .testTarget(
            name: "ScanClamAVTests", dependencies: ["ScanClamAV", "PluginKit", "Settings", "SurveillanceKit"],
            path: "Plugins/Scan/ClamAV/Tests"),
        .testTarget(
            name: "ExportPDFTests",
            dependencies: ["ExportPDF", "Documents", "QRCodes", "PluginKit", "SurveillanceKit"],
            path: "Plugins/Export/PDF/Tests"),
        .testTarget(
            name: "ExportCSVTests", dependencies: ["ExportCSV", "PluginKit", "SurveillanceKit"],
            path: "Plugins/Export/CSV/Tests"),
        .testTarget(
            name: "ExportXLSXTests", dependencies: ["ExportXLSX", "PluginKit", "SurveillanceKit", "Tabular"],
            path: "Plugins/Export/XLSX/Tests"),
        .testTarget(
            name: "PostgreSQLStoreTests", dependencies: ["PostgreSQLStore", "Database", "StoreKit"],
            path: "Plugins/Store/PostgreSQL/Tests"),
        // What a test kills: deliveries in a process of their own.
        .executableTarget(
            name: "vedette-deliveries",
            dependencies: ["Notices", "Database", "PluginKit", "PostgreSQLStore", "SurveillanceKit", "TestKit"],
            path: "Tests/DeliveryProcess"),
        .testTarget(
            name: "NoticesTests",
            dependencies: [
                "vedette-deliveries", "Notices", "Database", "StoreKit", "PluginKit", "Settings", "SurveillanceKit",
                "Validation", "TestKit", "Seeding",
            ]),
        .testTarget(
            name: "RecordsTests",
            dependencies: [
                "Records", "Deidentification", "Database", "StoreKit", "SurveillanceKit", "ShangMi", "TestKit",
                "Seeding",
            ]),
        .testTarget(
            name: "IndicatorStoreTests",
            dependencies: [
                "IndicatorStore", "Indicators", "Records", "Deidentification", "Database", "StoreKit",
                "Reporting", "SurveillanceKit", "ShangMi", "Seeding",
            ]),
        .testTarget(
            name: "DeidentificationTests",
            dependencies: ["Deidentification", "Validation", "SurveillanceKit", "ShangMi", "TestKit", "Seeding"]),
        .testTarget(
            name: "IntakeTests", dependencies: ["Intake", "Database", "StoreKit", "ShangMi", "SurveillanceKit"]),
        .testTarget(name: "AuditTests", dependencies: ["Audit", "Database", "StoreKit", "ShangMi", "SurveillanceKit"]),
        .testTarget(
            name: "AccountsTests",
            dependencies: ["Accounts", "Audit", "Database", "Intake", "StoreKit", "ShangMi", "SurveillanceKit"]),
        .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer", "SurveillanceKit", "TestKit", "JSON"]),
        .testTarget(name: "HTTPClientTests", dependencies: ["HTTPClient", "HTTPServer"]),
        .testTarget(
            name: "CheckingTests",
            dependencies: ["Checking", "CheckKit", "ProgramFiles", "SelfTest", "SurveillanceKit", "Validation"]),
        .testTarget(name: "DocumentsTests", dependencies: ["Documents", "SurveillanceKit"]),
        .testTarget(
            name: "RegistrationsTests",
            dependencies: [
                "Registrations", "Accounts", "Audit", "Database", "Intake", "Notices", "ShangMi", "StoreKit",
                "SurveillanceKit", "Institutions",
            ]),
        .testTarget(name: "SeedingTests", dependencies: ["Seeding"]),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "SurveillanceKit", "Validation"]),
        .testTarget(
            name: "PortalTests",
            dependencies: [
                "Portal", "ExportCSV", "JSON", "Accounts", "Intake", "HTTPServer", "Notices", "SurveillanceKit",
                "Timeliness", "Reporting", "Registrations", "Dictionaries",
            ]),
        .testTarget(
            name: "CoreRuntimeTests",
            dependencies: [
                "JSON", "CoreRuntime", "SurveillanceKit", "Tabular", "Validation", "Deidentification", "Records",
                "ProgramFiles", "AllPrograms", "Checking", "SelfTest", "Intake", "Audit", "Accounts", "HTTPServer",
                "Portal",
                "Notices", "PluginKit", "Settings", "StoreKit", "Database", "ShangMi", "PlainTables", "TestKit",
                "CheckKit",
                "Seeding", "Timeliness", "TimelinessStore", "Reporting", "Indicators", "IndicatorStore",
                "Registrations", "Documents", "Dictionaries",
            ]),
        .testTarget(name: "AgentHTTPTests", dependencies: ["AgentHTTP", "SurveillanceKit", "TestKit"]),
        .testTarget(
            name: "AgentCoreTests", dependencies: ["AgentCore", "AgentHTTP", "ShangMi", "SurveillanceKit"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "vedette", "vedette-agent", "AgentCore", "AgentHTTP", "ShangMi", "SurveillanceKit", "StoreKit",
                "Database", "HTTPClient", "Tabular", "PlainTables", "TestKit",
                "CheckKit",
            ]),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "SurveillanceKit", "Indicators", "Tabular", "Validation", "ProgramFiles", "Checking", "SelfTest",
                "TestKit", "CheckKit", "Seeding",
            ],
            exclude: ["FieldTables", "IndicatorCases"]),
        .testTarget(
            name: "DocsTests",
            dependencies: [
                "vedette", "CoreRuntime", "ProgramFiles", "AllPrograms", "Checking", "Notices", "Portal",
                "SurveillanceKit",
                "Validation",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// Built by `scripts/fuzz` alone: it links libFuzzer, which the compiler brings only where it is asked for.
if Context.environment["VEDETTE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "vedette-fuzz",
            dependencies: ["Expressions", "PlainTables", "RegularExpressions", "SurveillanceKit", "Tabular"],
            path: "Tests/Fuzzing"))
}

// An import is seen by its file alone, and only what is public about it is passed on; members are found only where their module is imported.
for target in package.targets where ![.system, .plugin].contains(target.type) && target.name != "ForgetfulMemory" {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
        ]
}
