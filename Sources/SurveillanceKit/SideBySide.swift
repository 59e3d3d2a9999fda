import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// Maps every element, on all cores where more than one thread is allowed; the first failure in the array's order comes out.
    public func map<Mapped: Sendable, Failure: Error>(
        threads: Int, _ transform: @Sendable (Element) throws(Failure) -> Mapped
    ) throws(Failure) -> [Mapped] {
        guard threads > 1 else { return try map(transform) }
        let results = Mutex([Int: Result<Mapped, Failure>]())
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result: Result<Mapped, Failure>
            do throws(Failure) {
                result = .success(try transform(self[index]))
            } catch {
                result = .failure(error)
            }
            results.withLock { $0[index] = result }
        }
        let ordered = results.withLock { results in indices.compactMap { results[$0] } }
        return try ordered.map { result throws(Failure) in try result.get() }
    }
}
