import Foundation
import ScriptProtocol
import Scripting

extension DriverHost {
    static let mostFileBytes = 4 << 20

    /// A path of the script as it may be opened: relative to the driver's own folder, or absolute; in any case within a folder that is
    /// declared, links followed.
    func place(_ path: String) throws(HostError) -> URL {
        guard !path.isEmpty, !path.contains("\0"), path.utf8.count <= 4000 else {
            throw .misuse("\"\(path)\" is no path")
        }
        let state = stateFolder
        let url = path.hasPrefix("/") ? URL(fileURLWithPath: path) : state.appending(path: path)
        guard !url.pathComponents.contains("..") else { throw capabilities.noFolder(path) }
        for folder in capabilities.folders(state: state) {
            let home = Self.resolved(folder)
            let target = Self.resolved(url)
            if target.path == home.path || target.path.hasPrefix(home.path == "/" ? "/" : home.path + "/") {
                return target
            }
        }
        throw capabilities.noFolder(path)
    }

    /// With the links of what is there resolved; what is not there yet has none.
    private static func resolved(_ url: URL) -> URL {
        var existing = url.standardizedFileURL
        var rest: [String] = []
        var status = stat()
        while lstat(existing.path, &status) != 0, existing.path != "/" {
            rest.append(existing.lastPathComponent)
            existing.deleteLastPathComponent()
        }
        var result = existing.resolvingSymlinksInPath()
        for part in rest.reversed() { result.append(path: part) }
        return result.standardizedFileURL
    }

    /// `host.file.read(path)` → its text; nil where there is none.
    func readFile(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let path = try arguments.text(0, "the path")
        let url = try place(path)
        let result: Result<ScriptValue, HostError> = await services.blocking {
            let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
            guard let attributes else { return .success(.null) }
            // A pipe or a device would never end.
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                return .failure(.misuse("host.file.read: \(path) is no file"))
            }
            let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
            // Foundation leaks a buffer for each empty file that it reads.
            if size == 0, Self.isEmpty(url.path) { return .success(.string("")) }
            guard size <= Self.mostFileBytes,
                let data = try? Data(contentsOf: url),
                let text = String(validating: data, as: UTF8.self)
            else {
                return .failure(
                    .misuse("host.file.read: \(path) is no text of at most \(Self.mostFileBytes >> 20) MiB")
                )
            }
            return .success(.string(text))
        }
        return try result.get()
    }

    /// Files of the system's have no size and may hold something.
    private static func isEmpty(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return false }
        defer { close(file) }
        var byte: UInt8 = 0
        return read(file, &byte, 1) == 0
    }

    /// `host.file.tail(path, bytes)` → the end of a file, however large it is and whatever it holds: what is no UTF-8 is made such; nil where
    /// there is none. For what others write.
    func tailOfFile(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let path = try arguments.text(0, "the path")
        guard let count = arguments.value(1).asInteger, (1...(64 << 10)).contains(count) else {
            throw .misuse("host.file.tail is given \(arguments.value(1).inWords); expected bytes, 1 to \(64 << 10)")
        }
        let url = try place(path)
        let result: Result<ScriptValue, HostError> = await services.blocking {
            let file = open(url.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard file >= 0 else {
                return errno == ENOENT
                    ? .success(.null)
                    : .failure(.unavailable("host.file.tail \(path): \(String(cString: strerror(errno)))"))
            }
            defer { close(file) }
            var status = stat()
            // A pipe or a device has no end.
            guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                return .failure(.misuse("host.file.tail: \(path) is no file"))
            }
            var bytes = [UInt8](repeating: 0, count: count)
            let read = pread(file, &bytes, count, max(0, status.st_size - off_t(count)))
            return .success(.string(String(decoding: bytes.prefix(max(0, read)), as: UTF8.self)))
        }
        return try result.get()
    }

    /// `host.file.write(path, text)`: whole or not at all; folders are made.
    func writeFile(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let path = try arguments.text(0, "the path")
        let text = try arguments.text(1, "the text")
        let url = try place(path)
        guard text.utf8.count <= Self.mostFileBytes else {
            throw .misuse("host.file.write: the text is larger than \(Self.mostFileBytes >> 20) MiB")
        }
        let error: Int32 = await services.blocking { AtomicFile.write(text, to: url) }
        guard error == 0 else { throw .unavailable("host.file.write \(path): \(String(cString: strerror(error)))") }
        return .null
    }

    /// `host.file.remove(path)`: a file, or a folder with all that is in it; nothing where there is none.
    func removeFile(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let path = try arguments.text(0, "the path")
        let url = try place(path)
        for folder in capabilities.folders(state: stateFolder) where folder.standardizedFileURL.path == url.path {
            throw .misuse("host.file.remove: \(path) is a whole folder of needs.files; remove what is in it")
        }
        let message: String? = await services.blocking {
            do {
                try FileManager.default.removeItem(at: url)
                return nil
            } catch CocoaError.fileNoSuchFile {
                return nil
            } catch {
                return error.localizedDescription
            }
        }
        if let message { throw .unavailable("host.file.remove \(path): \(message)") }
        return .null
    }

    /// `host.file.list(path)` → the names in a folder, sorted; none where there is none.
    func listFiles(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let path = arguments.values.isEmpty ? "." : try arguments.text(0, "the path")
        let url = path == "." ? stateFolder : try place(path)
        let names = await services.blocking {
            ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
        }
        guard names.count <= 10_000 else { throw .misuse("host.file.list: \(path) holds more than 10000 files") }
        return .list(names.map { .string($0) })
    }
}

/// Files that are there whole or not at all, also after a power cut.
enum AtomicFile {
    /// - Returns: 0, or the number of the error. Blocks.
    static func write(_ text: String, to url: URL) -> Int32 {
        let folder = url.deletingLastPathComponent()
        try? FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let draft = folder.appending(path: ".\(url.lastPathComponent.prefix(100)).\(UInt64.random(in: 0...UInt64.max))")
        let file = open(draft.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return errno }
        var error: Int32 = 0
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count, error == 0 {
            let count = bytes.withUnsafeBytes {
                Foundation.write(file, $0.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count > 0 { written += count } else if errno != EINTR { error = errno == 0 ? EIO : errno }
        }
        if error == 0, fsync(file) != 0 { error = errno }
        close(file)
        if error == 0, rename(draft.path, url.path) != 0 { error = errno }
        if error != 0 { unlink(draft.path) }
        let place = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if place >= 0 {
            _ = fsync(place)
            close(place)
        }
        return error
    }
}
