import Synchronization

/// Bounds the bytes of requests that are in the server at one time. Who finds no room is told to come again: nothing queues without end.
final class IngestGate: Sendable {
    private let inside = Mutex(0)
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    var used: Int { inside.withLock { $0 } }

    /// Room for a request; it is given back when the last reference to the pass is gone.
    ///
    /// - Returns: nil where there is none.
    func enter(_ bytes: Int) -> Pass? {
        take(bytes) ? Pass(gate: self, bytes: bytes) : nil
    }

    private func take(_ bytes: Int) -> Bool {
        inside.withLock { inside in
            guard bytes <= capacity - inside else { return false }
            inside += bytes
            return true
        }
    }

    private func give(_ bytes: Int) {
        inside.withLock { $0 -= bytes }
    }

    /// The room that one request takes.
    final class Pass: Sendable {
        private let gate: IngestGate
        private let bytes: Mutex<Int>

        fileprivate init(gate: IngestGate, bytes: Int) {
            self.gate = gate
            self.bytes = Mutex(bytes)
        }

        deinit {
            gate.give(bytes.withLock { $0 })
        }

        /// More room; false, and nothing changes, where there is none.
        func grow(by more: Int) -> Bool {
            guard gate.take(more) else { return false }
            bytes.withLock { $0 += more }
            return true
        }
    }
}
