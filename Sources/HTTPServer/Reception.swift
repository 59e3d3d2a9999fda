/// A body on its way in: where it goes, how much it may be, and what went wrong with it.
struct Reception {
    private var destination: Destination
    private let maximumBytes: Int
    private var receivedBytes = 0
    let handler: Handler
    /// Why the body is not wanted any more. What still comes is counted and thrown away.
    private(set) var failure: (any Error)?
    private(set) var discardedBytes = 0

    enum Destination {
        case buffer([UInt8])
        case sink(any BodySink)
        case nowhere
    }

    init(into destination: Destination, maximumBytes: Int, handler: @escaping Handler) {
        self.destination = destination
        self.maximumBytes = maximumBytes
        self.handler = handler
    }

    var buffer: [UInt8] {
        if case .buffer(let bytes) = destination { bytes } else { [] }
    }

    mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        receivedBytes += bytes.count
        if receivedBytes > maximumBytes, failure == nil {
            fail(Problem.contentTooLarge(maximumBytes: maximumBytes))
        }
        switch destination {
        case .buffer(var buffer):
            destination = .nowhere  // so that the buffer is not copied
            buffer.append(contentsOf: bytes)
            destination = .buffer(buffer)
        case .sink(let sink):
            do { try sink.receive(bytes) } catch { fail(error) }
        case .nowhere: discardedBytes += bytes.count
        }
    }

    mutating func abandon() {
        if case .sink(let sink) = destination { sink.abandon() }
        destination = .nowhere
    }

    private mutating func fail(_ error: any Error) {
        abandon()
        failure = error
    }
}
