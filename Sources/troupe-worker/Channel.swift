import Glibc
import ScriptProtocol

/// The one descriptor that a worker has, and the frames on it.
struct Channel: ~Copyable {
    private let descriptor: Int32
    /// Between `start` and `end` is what has arrived and is not taken apart yet: requests follow each other closely.
    private var buffer = [UInt8](repeating: 0, count: usualBytes)
    private var start = 0
    private var end = 0
    private static let limits = FrameLimits.toWorker
    private static let usualBytes = 64 << 10
    private let mayWatch: Bool
    private var isWatching = false

    /// - Parameter mayWatch: whether to stay awake for the next request, as `ActiveWait` says.
    init(descriptor: Int32, mayWatch: Bool) {
        self.descriptor = descriptor
        self.mayWatch = mayWatch
    }

    enum Incoming {
        case message(Frame)
        /// A whole frame with something else in it.
        case unreadable(FrameError)
        /// The host is gone, or what it says cannot be taken apart any more.
        case closed
    }

    mutating func receive() -> Incoming {
        guard fill(Frame.headerBytes), let length = length(), fill(Frame.headerBytes + length) else { return .closed }
        let payload = start + Frame.headerBytes..<start + Frame.headerBytes + length
        let result: Result<Frame, FrameError> = buffer.withUnsafeBytes { bytes in
            do throws(FrameError) {
                let payload = UnsafeRawBufferPointer(rebasing: bytes[payload])
                return .success(try Frame(payload: payload, limits: Self.limits))
            } catch {
                return .failure(error)
            }
        }
        start = payload.upperBound
        if start == end { forget() }
        return switch result {
        case .success(let frame): .message(frame)
        case .failure(let error): .unreadable(error)
        }
    }

    /// False where the host is gone.
    func send(_ frame: [UInt8]) -> Bool {
        frame.withUnsafeBytes { bytes in
            var bytes = bytes[...]
            while !bytes.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: bytes)
                let sent = Glibc.send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                if sent < 0 && errno == EINTR { continue }
                guard sent > 0 else { return false }
                bytes = bytes.dropFirst(sent)
            }
            return true
        }
    }

    private func length() -> Int? {
        buffer.withUnsafeBytes { bytes in
            let header = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            return try? Frame.payloadLength(header: header, limits: Self.limits)
        }
    }

    /// All is taken apart. A large frame does not leave its memory behind.
    private mutating func forget() {
        start = 0
        end = 0
        if buffer.count > 16 * Self.usualBytes { buffer = [UInt8](repeating: 0, count: Self.usualBytes) }
    }

    /// Waits until `count` bytes are there; false where they will not come.
    private mutating func fill(_ count: Int) -> Bool {
        guard end - start < count else { return true }
        if start + count > buffer.count { makeRoom(count) }
        let began = mayWatch ? Monotonic.now() : 0
        var watched = isWatching ? began + ActiveWait.longest : 0
        while end - start < count {
            let received = buffer.withUnsafeMutableBytes { bytes in
                let room = UnsafeMutableRawBufferPointer(rebasing: bytes[end...])
                return recv(descriptor, room.baseAddress, room.count, watched > 0 ? Int32(MSG_DONTWAIT) : 0)
            }
            if received < 0 && errno == EAGAIN {
                // Only a processor that nobody else wants is spent on it.
                sched_yield()
                if Monotonic.now() >= watched { watched = 0 }
                continue
            }
            if received < 0 && errno == EINTR { continue }
            guard received > 0 else { return false }
            end += received
        }
        if mayWatch { isWatching = ActiveWait.isWorthwhile(after: Monotonic.now() - began) }
        return true
    }

    private mutating func makeRoom(_ count: Int) {
        var larger = [UInt8](repeating: 0, count: max(count, Self.usualBytes))
        larger.replaceSubrange(0..<end - start, with: buffer[start..<end])
        buffer = larger
        end -= start
        start = 0
    }
}
