/// Does work for two deployments at once. A server that is disturbed again and again mostly waits for the disk and for its next start.
enum SideBySide {
    static let count = 2

    /// Deals the items out, so that neighbours go to different deployments.
    static func run<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable ([Item]) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            for turn in 0..<count {
                let part = stride(from: turn, to: items.count, by: count).map { items[$0] }
                if !part.isEmpty { group.addTask { try await body(part) } }
            }
            var results: [Result] = []
            for try await result in group { results.append(result) }
            return results
        }
    }
}
