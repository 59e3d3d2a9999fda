import CGLPK

/// What an attacker can conclude from sums: the least and the greatest that another sum can be, by linear programming.
///
/// Variables are counts, none below 0. GLPK solves; nothing of the rules that hide is used here.
final class LinearAttack {
    private let problem: OpaquePointer?
    private var parameters = glp_smcp()
    private let variables: Int

    init(variables: Int, facts: [(variables: [Int], bounds: ClosedRange<Int64>)]) {
        self.variables = variables
        problem = glp_create_prob()
        glp_term_out(GLP_OFF)
        glp_init_smcp(&parameters)
        parameters.msg_lev = GLP_MSG_OFF
        glp_add_cols(problem, Int32(variables))
        for column in 1...variables { glp_set_col_bnds(problem, Int32(column), GLP_LO, 0, 0) }
        glp_add_rows(problem, Int32(max(1, facts.count)))
        var (rows, columns, values): ([Int32], [Int32], [Double]) = ([0], [0], [0])
        for (row, fact) in facts.enumerated() {
            let (low, high) = (Double(fact.bounds.lowerBound), Double(fact.bounds.upperBound))
            glp_set_row_bnds(problem, Int32(row + 1), low == high ? GLP_FX : GLP_DB, low, high)
            for variable in fact.variables {
                rows.append(Int32(row + 1))
                columns.append(Int32(variable + 1))
                values.append(1)
            }
        }
        glp_load_matrix(problem, Int32(rows.count - 1), rows, columns, values)
    }

    deinit { glp_delete_prob(problem) }

    /// - Returns: nil where the facts contradict each other, which those of true counts never do.
    func bounds(of sum: [Int]) -> (low: Double, high: Double)? {
        for column in 1...variables { glp_set_obj_coef(problem, Int32(column), 0) }
        for variable in sum { glp_set_obj_coef(problem, Int32(variable + 1), 1) }
        guard let low = optimum(GLP_MIN, unbounded: -.infinity), let high = optimum(GLP_MAX, unbounded: .infinity)
        else {
            return nil
        }
        return (low, high)
    }

    private func optimum(_ direction: Int32, unbounded: Double) -> Double? {
        glp_set_obj_dir(problem, direction)
        guard glp_simplex(problem, &parameters) == 0 else { return nil }
        switch glp_get_status(problem) {
        case GLP_OPT: return glp_get_obj_val(problem)
        case GLP_UNBND: return unbounded
        default: return nil
        }
    }
}
