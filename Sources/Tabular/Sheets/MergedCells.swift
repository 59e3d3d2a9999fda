/// The merged ranges of a sheet that hide cells, counted; the first few are named.
struct MergedCells {
    private var count = 0
    private var names: [String] = []

    mutating func add(_ name: String) {
        count += 1
        if names.count < 5 { names.append(String(name.prefix(32))) }
    }

    var note: WorkbookNote? { count > 0 ? .mergedCells(names, count: count) : nil }
}
