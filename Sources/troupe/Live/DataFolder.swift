import Foundation
import Server

/// The folder in which a running Troupe keeps what must survive: databases, the first token, and where it listens.
struct DataFolder {
    /// Without `--data` and `TROUPE_DATA`, in the current folder.
    static let standard = ".troupe"

    let path: String

    /// `--data`, or `TROUPE_DATA`, or the standard one.
    init(_ path: String?) {
        let environment = ProcessInfo.processInfo.environment["TROUPE_DATA"]
        self.path = path ?? environment.flatMap { $0.isEmpty ? nil : $0 } ?? Self.standard
    }

    var kpis: String { path + "/kpi.db" }
    var state: String { path + "/state.db" }
    var token: String { path + "/" + FirstToken.fileName }
    /// One line: the address of the server that uses the folder. It stays where a server is killed.
    var address: String { path + "/address" }

    /// Of a demo: the time that it lives in.
    var clock: String { path + "/clock" }

    /// Makes the folder, for its owner alone, where it is not there yet.
    func create() throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue else {
                throw Failure("\(path) is a file; --data needs a folder, in which the databases are kept")
            }
            guard access(path, R_OK | W_OK | X_OK) == 0 else {
                throw Failure(
                    "the data folder \(path) is not writable for this user; change its owner, or name another with --data"
                )
            }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw Failure(
                "the data folder \(path) cannot be made (\(error.localizedDescription)); name another with --data"
            )
        }
    }

    /// Says where the server listens, so that the command line finds it.
    func publish(_ url: String) throws {
        do {
            try Data("\(url)\n".utf8).write(to: URL(fileURLWithPath: address), options: .atomic)
        } catch {
            throw Failure("\(address) cannot be written (\(error.localizedDescription))")
        }
    }

    /// The server is gone, unless another one has taken its place.
    func withdraw(_ url: String) {
        guard let data = FileManager.default.contents(atPath: address),
            String(decoding: data, as: UTF8.self) == "\(url)\n"
        else { return }
        try? FileManager.default.removeItem(atPath: address)
    }
}
