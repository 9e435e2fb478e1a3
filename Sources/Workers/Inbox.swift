import Glibc
import ScriptProtocol

/// What a worker has said and nobody has looked at yet; the slot's own thread only.
///
/// It grows with what arrives, never with what a frame claims to hold.
struct Inbox: ~Copyable {
    /// Between `start` and `end` is what has arrived and is not taken apart yet.
    private var buffer = [UInt8](repeating: 0, count: partBytes)
    private var start = 0
    private var end = 0
    private static let partBytes = 64 << 10

    var isEmpty: Bool { start == end }

    /// Takes what is there, at most one part.
    ///
    /// - Throws: `closed` where the worker has.
    mutating func receive(_ socket: Int32) throws(Trouble) {
        makeRoom()
        let room = end..<end + Self.partBytes
        let received = buffer.withUnsafeMutableBytes { bytes in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[room])
            return recv(socket, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
        }
        if received == 0 || (received < 0 && errno != EAGAIN && errno != EINTR) { throw .closed }
        end += max(0, received)
    }

    /// Room for one part behind what is there.
    private mutating func makeRoom() {
        if isEmpty {
            // Nearly every time.
            start = 0
            end = 0
            if buffer.count > 4 * Self.partBytes { buffer = [UInt8](repeating: 0, count: Self.partBytes) }
        }
        guard buffer.count - end < Self.partBytes else { return }
        if start > 0 {
            // In place: a slice put back would be a copy of all.
            buffer.withUnsafeMutableBytes { bytes in
                if let base = bytes.baseAddress { memmove(base, base + start, end - start) }
            }
            end -= start
            start = 0
        }
        // Doubled, so that a long frame is not copied for each of its parts.
        if buffer.count - end < Self.partBytes { buffer += repeatElement(0, count: max(Self.partBytes, buffer.count)) }
    }

    /// The next frame, where all of it is there.
    mutating func next() throws(Trouble) -> Frame? {
        let there = end - start
        guard there >= Frame.headerBytes else { return nil }
        let result: Result<(Frame, Int)?, FrameError> = buffer.withUnsafeBytes { bytes in
            do throws(FrameError) {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
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
