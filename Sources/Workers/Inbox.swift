import Glibc
import ScriptProtocol

/// What a worker has said and nobody has looked at yet; the slot's own thread only.
///
/// It grows with what arrives, never with what a frame claims to hold.
struct Inbox: ~Copyable {
    private var bytes: [UInt8] = []
    private var start = 0
    private static let partBytes = 64 << 10

    var isEmpty: Bool { start == bytes.count }

    /// Takes what is there, at most one part.
    ///
    /// - Throws: `closed` where the worker has.
    mutating func receive(_ socket: Int32) throws(Trouble) {
        if isEmpty {
            // Nearly every time.
            bytes.removeAll(keepingCapacity: bytes.capacity <= 4 * Self.partBytes)
            start = 0
        }
        var result = 0
        let part = [UInt8](unsafeUninitializedCapacity: Self.partBytes) { buffer, filled in
            result = recv(socket, buffer.baseAddress, Self.partBytes, Int32(MSG_DONTWAIT))
            filled = max(0, result)
        }
        if result == 0 || (result < 0 && errno != EAGAIN && errno != EINTR) { throw .closed }
        if bytes.isEmpty { bytes = part } else { bytes += part }
    }

    /// The next frame, where all of it is there.
    mutating func next() throws(Trouble) -> Frame? {
        let there = bytes.count - start
        guard there >= Frame.headerBytes else { return nil }
        let result: Result<(Frame, Int)?, FrameError> = bytes.withUnsafeBytes { bytes in
            do throws(FrameError) {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
                let length = try Frame.payloadLength(header: rest, limits: .fromWorker)
                guard there - Frame.headerBytes >= length else { return .success(nil) }
                let payload = UnsafeRawBufferPointer(rebasing: rest[Frame.headerBytes..<Frame.headerBytes + length])
                return .success((try Frame(payload: payload, limits: .fromWorker), Frame.headerBytes + length))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(nil): return nil
        case .success((let frame, let length)?):
            start += length
            return frame
        case .failure(let error): throw .malformed(error.description)
        }
    }
}
