import Foundation

/// The traces that a command line names: files, and all `.csv` files of folders, in the order of their names.
struct TraceFiles {
    let paths: [String]

    /// - Throws: where a folder holds no trace. Whether a file can be read is said by whoever reads it.
    init(_ names: [String]) throws {
        var paths: [String] = []
        for name in names {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue else {
                paths.append(name)
                continue
            }
            let found = try FileManager.default.contentsOfDirectory(atPath: name).filter { $0.hasSuffix(".csv") }
                .sorted()
            guard !found.isEmpty else {
                throw Failure("\(name): error: the folder holds no .csv file. Name a trace, or a folder of them.")
            }
            paths += found.map { "\(name)/\($0)" }
        }
        self.paths = paths
    }

    /// Where the outputs of one of them go: into the folder itself, or into one of their own where there are several.
    func folder(for path: String, in out: String?) -> String? {
        guard let out, paths.count > 1 else { return out }
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return "\(out)/\(name)"
    }
}
