import Synchronization

/// All open connections, and who goes when there are too many.
///
/// A crowd of idle connections must not keep a hospital out: the one that has waited longest without a request makes
/// room for the newcomer. Only where every connection is at work is the newcomer turned away.
final class ConnectionRegistry: Sendable {
    private let maximum: Int
    private let maximumPerAddress: Int
    private let state = Mutex(State())

    private struct State {
        var connections: [ObjectIdentifier: Connection] = [:]
        var waiting = WaitingQueue()
        var addresses: [String: (count: Int, waiting: WaitingQueue)] = [:]
    }

    init(maximum: Int, maximumPerAddress: Int) {
        self.maximum = maximum
        self.maximumPerAddress = maximumPerAddress
    }

    var count: Int { state.withLock { $0.connections.count } }

    func add(_ connection: Connection) {
        state.withLock {
            $0.connections[ObjectIdentifier(connection)] = connection
            $0.addresses[connection.address, default: (0, WaitingQueue())].count += 1
            let count = $0.addresses[connection.address]?.count ?? 0
            var hasRoom = true
            if count > maximumPerAddress, !connection.isFromProxy {
                hasRoom = $0.addresses[connection.address]?.waiting.closeFirst() ?? false
            }
            if hasRoom, $0.connections.count > maximum { hasRoom = $0.waiting.closeFirst() }
            if !hasRoom { connection.reject() }
        }
        noteWaiting(connection)
    }

    /// Queues the connection among those that may have to make room.
    func noteWaiting(_ connection: Connection) {
        let epoch = connection.epoch
        state.withLock {
            $0.waiting.append(connection, epoch: epoch, live: $0.connections.count)
            if let count = $0.addresses[connection.address]?.count {
                $0.addresses[connection.address]?.waiting.append(connection, epoch: epoch, live: count)
            }
        }
    }

    func remove(_ connection: Connection) {
        state.withLock {
            guard $0.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
            $0.addresses[connection.address]?.count -= 1
            if $0.addresses[connection.address]?.count == 0 { $0.addresses[connection.address] = nil }
        }
    }

    func all() -> [Connection] { state.withLock { Array($0.connections.values) } }
}

/// Connections in the order in which they began to wait. Those that have moved on since are skipped when met.
private struct WaitingQueue {
    private var entries: [(connection: Connection, epoch: Int)] = []
    private var first = 0

    mutating func append(_ connection: Connection, epoch: Int, live: Int) {
        if entries.count > 64 + 4 * live {
            entries.removeSubrange(..<first)
            entries.removeAll { $0.connection.epoch != $0.epoch }
            first = 0
        }
        entries.append((connection, epoch))
    }

    /// Closes the one that has waited longest; false where none waits.
    mutating func closeFirst() -> Bool {
        while first < entries.count {
            let (connection, epoch) = entries[first]
            first += 1
            if connection.closeIfWaiting(epoch: epoch) { return true }
        }
        return false
    }
}
