public import SurveillanceKit

/// Figures of one indicator as a table for a file: a row a period, region and group.
///
/// What is hidden, missing or too little is an empty cell with its status beside it, never a number that stands for something else.
public struct FigureTable: Sendable {
    /// The program's and the indicator's id: `fever-clinic/positivity-flu-a`.
    public var indicator: String
    public var title: BilingualText
    /// The moment as of which all was known, in ISO 8601 with its zone.
    public var asOf: String
    public var periods: FigurePeriod.Kind
    /// What the figures are split by besides time and region, `age` or a dimension's id; `age` where they are not split.
    public var dimension: String
    public var rows: [Row]

    public struct Row: Hashable, Sendable {
        public var period: FigurePeriod
        /// A GB/T 2260 code, an institution's code, or `nation`.
        public var region: String
        /// A group of the dimension, or `total`.
        public var group: String
        public var figure: Figure

        public init(_ period: FigurePeriod, region: String, group: String = FigureTable.total, _ figure: Figure) {
            self.period = period
            self.region = region
            self.group = group
            self.figure = figure
        }
    }

    /// All groups together.
    public static let total = "total"

    public init(
        indicator: String, title: BilingualText, asOf: String, periods: FigurePeriod.Kind, dimension: String = "age",
        rows: [Row]
    ) {
        self.indicator = indicator
        self.title = title
        self.asOf = asOf
        self.periods = periods
        self.dimension = dimension
        self.rows = rows
    }

    /// The name of the column of periods: `yearweek` for weeks.
    public static func column(of kind: FigurePeriod.Kind) -> String {
        switch kind {
        case .day: "date"
        case .week: "yearweek"
        case .month: "yearmonth"
        case .season: "season"
        case .year: "year"
        }
    }

    /// The names of columns and statuses are the same in both languages, so that programs can read the file.
    ///
    /// Numbers that are negative stay numbers: the table is told to come back, so an exporter puts an apostrophe only before what a spreadsheet
    /// would run, and reading takes it off again.
    public var exportTable: ExportTable {
        let names = [
            "as_of", Self.column(of: periods), "region", dimension, "indicator", "value", "numerator", "denominator",
            "lower", "upper", "status",
        ]
        let (rows, asOf, indicator) = (rows, asOf, indicator)
        let cursor = RowCursor(rows.count)
        return ExportTable(
            title: title, columns: names.map { ExportColumn(BilingualText(zh: $0, en: $0)) }, comesBack: true
        ) {
            guard let place = cursor.next() else { return nil }
            let (row, figure) = (rows[place], rows[place].figure)
            let numbers = [figure.value, figure.numerator, figure.denominator, figure.lower, figure.upper]
            return [asOf, row.period.key, row.region, row.group, indicator].map { ExportCell($0) }
                + numbers.map { ExportCell($0?.description ?? "") } + [ExportCell(figure.status.rawValue)]
        }
    }
}
