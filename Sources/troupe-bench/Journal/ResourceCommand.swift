import ArgumentParser
import Foundation

/// A signal may come on any thread, and may do no more than write: here is what waits for it.
private let toldToLeave: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    return (ends[0], ends[1])
}()

/// A resource of the fleet that `journal` scales: a small process that takes connections until it is told to leave.
struct ResourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resource",
        abstract: "Listens on a port until SIGTERM, and writes both down.",
        shouldDisplay: false
    )

    @Argument(help: "The ledger.")
    var ledger: String
    @Argument(help: "Its id.")
    var id: String
    @Argument(help: "The port.")
    var port: UInt16

    func run() throws {
        let word = toldToLeave.read
        signal(SIGTERM) { _ in _ = write(toldToLeave.write, "!", 1) }
        let ledger = ResourceLedger(path: ledger)
        try ledger.write(.serves, id)
        // Some are soon ready and some are not, some leave at once and some take their time.
        var random = SplitMix(seed: UInt64(getpid()))
        usleep(UInt32(random.unit() * 300_000))
        try listen()
        var byte: UInt8 = 0
        while read(word, &byte, 1) != 1 {}
        try ledger.write(.leaves, id)
        usleep(UInt32(random.unit() * 300_000))
    }

    private func listen() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard listener >= 0, bound == 0, Foundation.listen(listener, 64) == 0 else {
            throw BenchFailure("port \(port): \(String(cString: strerror(errno)))")
        }
        Thread {
            while true {
                let connection = accept(listener, nil, nil)
                if connection >= 0 { close(connection) }
            }
        }
        .start()
    }
}
