import Reporting
import SurveillanceKit

extension HTML {
    /// A chart, whose own writer escapes every text in it.
    init(_ chart: LineChart, _ reader: Reader) { self.init(chart: chart.svg(in: reader.language)) }
}
