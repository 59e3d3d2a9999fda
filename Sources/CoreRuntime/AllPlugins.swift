import ExportCSV
import ExportPDF
import ExportXLSX
import Foundation
import NotifyLog
import NotifyMail
import NotifyWebhook
public import PluginKit
import PostgreSQLStore
import ScanClamAV
import Settings
public import SurveillanceKit
import Validation

/// Every plugin that is compiled in; a further one is one more line.
public enum AllPlugins {
    public static let all: [any Plugin.Type] = [
        CSVExporter.self,
        PDFPrinter.self,
        ClamAVScanner.self,
        XLSXExporter.self,
        LogNotifier.self,
        MailNotifier.self,
        PostgreSQLPlugin.self,
        WebhookNotifier.self,
    ]

    static func named(_ kind: PluginKind, _ name: String) -> (any Plugin.Type)? {
        all.first { $0.kind == kind && $0.name == name }
    }
}

/// The plugins that a configuration turns on, made with their settings.
public struct EnabledPlugins: Sendable {
    public private(set) var all: [any Plugin] = []

    /// Those that are always on.
    public init() { addAlwaysOn() }

    public init(_ plugins: [any Plugin]) {
        all = plugins
        addAlwaysOn()
    }

    /// Reads the configuration's part `plugins`: kinds, in them names, in them settings.
    ///
    /// - Throws: `ProgramError` for what is unknown, of the wrong type, missing, or cannot be used, with file and line.
    init(_ object: SettingsObject, folder: String) throws(ProgramError) {
        try object.allow(Set(PluginKind.allCases.map(\.rawValue)))
        for kind in PluginKind.allCases {
            guard let ofKind = try object.object(kind.rawValue) else { continue }
            try ofKind.allow(Set(AllPlugins.all.filter { $0.kind == kind }.map { $0.name }))
            guard kind.mayBeSeveral || ofKind.names.count <= 1 else {
                throw ofKind.fault("only one may be on: \(ofKind.names.joined(separator: ", "))")
            }
            for name in ofKind.names {
                guard let type = AllPlugins.named(kind, name), let own = try ofKind.object(name) else { continue }
                let settings = try PluginSettings(own, declared: type.settings, folder: folder)
                do {
                    all.append(try type.init(settings))
                } catch let error as ProgramError {
                    throw error
                } catch {
                    throw own.fault("\(error)")
                }
            }
        }
        addAlwaysOn()
    }

    private mutating func addAlwaysOn() {
        for type in AllPlugins.all where type.isAlwaysOn && !isOn(type) {
            let settings = PluginSettings.none(of: "\(type.kind.rawValue).\(type.name)")
            if let plugin = try? type.init(settings) { all.append(plugin) }
        }
    }

    /// Nil where the databases are files in the data folder.
    public var store: (any Store)? { all.lazy.compactMap { $0 as? any Store }.first }

    /// The exporter of a format, by its file's ending.
    public func exporter(_ format: String) -> (any Exporter)? {
        all.lazy.compactMap { $0 as? any Exporter }.first { type(of: $0).fileExtension == format }
    }

    /// A table as a file; nil where no exporter writes the format.
    public func file(of table: ExportTable, format: String, in language: Language) throws -> ExportedFile? {
        try exporter(format)?.file(of: table, in: language)
    }

    /// Several tables as one file, each on a sheet of its own; nil where no exporter writes workbooks.
    public func workbook(of sheets: [ExportSheet], in language: Language) throws -> ExportedFile? {
        try all.lazy.compactMap { $0 as? any WorkbookExporter }.first?.workbook(of: sheets, in: language)
    }

    /// A document for print as a PDF; nil where nothing writes one.
    public func pdf(of document: PrintedDocument) throws -> [UInt8]? {
        try all.lazy.compactMap { $0 as? any DocumentPrinter }.first { type(of: $0).fileExtension == "pdf" }?
            .file(of: document)
    }

    /// Those that look at documents.
    var scanners: [any PluginKit.Scanner] { all.compactMap { $0 as? any PluginKit.Scanner } }

    var notifiers: [any Notifier] { all.compactMap { $0 as? any Notifier } }

    public func isOn(_ plugin: any Plugin.Type) -> Bool { all.contains { type(of: $0) == plugin } }
}
