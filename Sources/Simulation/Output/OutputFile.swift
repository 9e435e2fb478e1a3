import Foundation

/// A file that is written from front to back through a buffer.
///
/// Not shared between threads: the run that opens it closes it.
final class OutputFile {
    let path: String
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 18

    /// Makes the file, or empties it.
    init(path: String) throws(OutputError) {
        self.path = path
        // 0644 as the shell makes files; the process's mask takes away from it.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path: path, doing: "opened for writing", code: errno) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        buffer.reserveCapacity(Self.bufferSize + 4096)
    }

    func write(_ bytes: some Collection<UInt8>) throws(OutputError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    func flush() throws(OutputError) {
        guard !buffer.isEmpty else { return }
        do { try handle.write(contentsOf: Data(buffer)) } catch {
            throw OutputError(path: path, doing: "written", code: errno)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    func close() throws(OutputError) {
        try flush()
        do { try handle.close() } catch { throw OutputError(path: path, doing: "closed", code: errno) }
    }
}

/// Why an output cannot be written or read.
package struct OutputError: Error, Equatable, CustomStringConvertible {
    package let path: String
    package let message: String
    /// What to do.
    package let advice: String

    init(path: String, doing: String, code: Int32) {
        self.init(
            path: path,
            message: "cannot be \(doing): \(String(cString: strerror(code)))",
            advice: "Check that the folder is there, that you may write to it, and that the disk has room."
        )
    }

    init(path: String, message: String, advice: String) {
        self.path = path
        self.message = message
        self.advice = advice
    }

    package var description: String { "\(path): error: \(message). \(advice)" }
}
