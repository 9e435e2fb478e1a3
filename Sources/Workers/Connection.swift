import Glibc
import ScriptProtocol

/// Frames to and from a worker, with deadlines; the slot's own thread only.
///
/// The two sides speak in turn, so more bytes than the one frame expected are a violation, and so are bytes out of turn.
struct Connection: ~Copyable {
    let socket: Int32
    let wake: WakeSignal

    enum Trouble: Error {
        case deadline
        /// Closed by the worker.
        case closed
        case malformed(String)
        /// Somebody wants the slot's attention; what was under way can be gone on with.
        case woken
    }

    /// What `settle` waits for.
    private enum Direction {
        case readable
        case writable
    }

    /// Sends a whole frame; `stopping` is asked at each interruption.
    func send(_ frame: [UInt8], deadline: Int64, stopping: () -> Bool) throws(Trouble) {
        var sent = 0
        while sent < frame.count {
            let count = frame.withUnsafeBytes { bytes in
                Glibc.send(
                    socket,
                    bytes.baseAddress?.advanced(by: sent),
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                )
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                try settle(.writable, deadline: deadline, stopping: stopping)
            } else if errno != EINTR {
                throw .closed
            }
        }
    }

    /// The next frame of the worker.
    func receive(deadline: Int64, stopping: () -> Bool) throws(Trouble) -> Frame {
        // Nearly every frame is here whole, with its header, at the first attempt.
        try settle(.readable, deadline: deadline, stopping: stopping)
        var first = try receiveSome(upTo: 16 << 10)
        while first.count < Frame.headerBytes {
            try settle(.readable, deadline: deadline, stopping: stopping)
            first += try receiveSome(upTo: Frame.headerBytes - first.count)
        }
        let length = try Self.length(first)
        let filled = first.count - Frame.headerBytes
        guard filled <= length else { throw .malformed("it says more than it was asked") }
        if filled == length { return try Self.decode(first, from: Frame.headerBytes) }
        var payload = Array(first[Frame.headerBytes...])
        payload.reserveCapacity(length)
        while payload.count < length {
            try settle(.readable, deadline: deadline, stopping: stopping)
            payload += try receiveSome(upTo: min(length - payload.count, 1 << 20))
        }
        return try Self.decode(payload, from: 0)
    }

    /// Waits while it is the host's turn.
    ///
    /// - Throws: `woken` at an interruption, which is what is waited for; else what the worker did out of turn.
    func rest() throws(Trouble) {
        var requests = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            guard poll(&requests, 2, -1) > 0 else { continue }
            if requests[0].revents != 0 {
                guard try receiveSome(upTo: 1).isEmpty else { throw .malformed("it speaks out of turn") }
                continue
            }
            wake.drain()
            throw .woken
        }
    }

    private func settle(_ direction: Direction, deadline: Int64, stopping: () -> Bool) throws(Trouble) {
        let events = Int16(direction == .readable ? POLLIN : POLLOUT)
        var requests = [
            pollfd(fd: socket, events: events, revents: 0),
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            // Also where there is something to read: it may come byte by byte.
            guard Monotonic.now() < deadline else { throw .deadline }
            let found = poll(&requests, 2, Monotonic.pollTimeout(until: deadline))
            if found > 0 && requests[1].revents != 0 {
                wake.drain()
                if stopping() { throw .woken }
            }
            if found > 0 && requests[0].revents != 0 { return }
        }
    }

    /// What is there; empty where there is nothing yet.
    private func receiveSome(upTo limit: Int) throws(Trouble) -> [UInt8] {
        var result = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            result = recv(socket, buffer.baseAddress, limit, Int32(MSG_DONTWAIT))
            filled = max(0, result)
        }
        if result == 0 || (result < 0 && errno != EAGAIN && errno != EINTR) { throw .closed }
        return bytes
    }

    private static func length(_ bytes: [UInt8]) throws(Trouble) -> Int {
        let length: Result<Int, FrameError> = bytes.withUnsafeBytes { bytes in
            do throws(FrameError) {
                return .success(try Frame.payloadLength(header: bytes, limits: .fromWorker))
            } catch {
                return .failure(error)
            }
        }
        switch length {
        case .success(let length): return length
        case .failure(let error): throw .malformed(error.description)
        }
    }

    private static func decode(_ bytes: [UInt8], from start: Int) throws(Trouble) -> Frame {
        let frame: Result<Frame, FrameError> = bytes.withUnsafeBytes { bytes in
            do throws(FrameError) {
                let payload = UnsafeRawBufferPointer(rebasing: bytes[start...])
                return .success(try Frame(payload: payload, limits: .fromWorker))
            } catch {
                return .failure(error)
            }
        }
        switch frame {
        case .success(let frame): return frame
        case .failure(let error): throw .malformed(error.description)
        }
    }
}
