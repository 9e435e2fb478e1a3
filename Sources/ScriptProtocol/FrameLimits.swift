/// What a frame may hold at most; a frame beyond it is refused before anything is allocated for it.
package struct FrameLimits: Hashable, Sendable {
    /// Bytes of a frame without its length field.
    package var frameBytes: Int
    /// How deep lists and tables may nest.
    package var depth: Int
    /// Values, fields, modules, log lines and transcript entries of a frame together; samples of `.numbers` do not count.
    package var nodes: Int

    package init(frameBytes: Int, depth: Int, nodes: Int) {
        self.frameBytes = frameBytes
        self.depth = depth
        self.nodes = nodes
    }

    /// Requests and answers to host calls: whole modules and long sample buffers.
    package static let toWorker = FrameLimits(frameBytes: 64 << 20, depth: 24, nodes: 500_000)
    /// What a run hands back: its result and transcript, within limits of their own, and its calls.
    package static let fromWorker = FrameLimits(frameBytes: 8 << 20, depth: 24, nodes: 100_000)
}
