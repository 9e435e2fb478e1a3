/// What a frame may hold at most; a frame beyond it is refused before anything is allocated for it.
package struct FrameLimits: Hashable, Sendable {
    /// Bytes of a frame without its length field.
    package var frameBytes: Int
    /// How deep lists and tables may nest.
    package var depth: Int
    /// Values, fields, modules, log lines and transcript entries of a frame together; samples of `.numbers` do not count.
    package var nodes: Int

    package init(frameBytes: Int = 64 << 20, depth: Int = 24, nodes: Int = 500_000) {
        self.frameBytes = frameBytes
        self.depth = depth
        self.nodes = nodes
    }
}
