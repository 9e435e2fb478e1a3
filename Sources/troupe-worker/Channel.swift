import Glibc
import ScriptProtocol

/// The one descriptor that a worker has, and the frames on it.
struct Channel {
    private let descriptor: Int32
    private static let limits = FrameLimits.toWorker

    init(descriptor: Int32) { self.descriptor = descriptor }

    enum Incoming {
        case message(Frame)
        /// A whole frame with something else in it.
        case unreadable(FrameError)
        /// The host is gone, or what it says cannot be taken apart any more.
        case closed
    }

    func receive() -> Incoming {
        guard let header = read(count: Frame.headerBytes) else { return .closed }
        guard let length = try? header.withUnsafeBytes({ try Frame.payloadLength(header: $0, limits: Self.limits) }),
            let payload = read(count: length)
        else { return .closed }
        do throws(FrameError) {
            return .message(try Frame(payload: payload, limits: Self.limits))
        } catch {
            return .unreadable(error)
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

    private func read(count: Int) -> [UInt8]? {
        var complete = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let part = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let received = Glibc.read(descriptor, part.baseAddress, part.count)
                if received < 0 && errno == EINTR { continue }
                guard received > 0 else {
                    complete = false
                    return
                }
                filled += received
            }
        }
        return complete ? bytes : nil
    }
}
