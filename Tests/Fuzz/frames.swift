// libFuzzer: any bytes as a frame. Compiled together with Sources/ScriptProtocol, as one module.

/// The entry of libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrame(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let payload = UnsafeRawBufferPointer(start: bytes, count: count)
    for limits in [FrameLimits.fromWorker, .toWorker] {
        do throws(FrameError) {
            let frame = try Frame(payload: payload, limits: limits)
            let again = try frame.encoded(limits: limits).dropFirst(Frame.headerBytes)
            precondition(again.elementsEqual(payload), "a message that can be said in two ways")
        } catch {
            precondition((0...count).contains(error.offset))
        }
    }
    return 0
}
