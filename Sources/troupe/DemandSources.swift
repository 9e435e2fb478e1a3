import Foundation
import Simulation

/// The demand that a command line names: trace files, all `.csv` files of folders in the order of their names, and made-up workloads.
struct DemandSources {
    enum Source {
        case file(String)
        case workload(name: String, seed: UInt64)

        var name: String {
            switch self {
            case .file(let path): path
            case .workload(let name, _): name
            }
        }

        func trace() throws -> DemandTrace {
            switch self {
            case .file(let path): return try DemandTrace(contentsOf: path)
            case .workload(let name, let seed):
                guard let workload = Workload.preset(name, seed: seed) else {
                    throw Failure(
                        "there is no workload \"\(name)\"; known: \(Workload.presets.joined(separator: ", "))"
                    )
                }
                return workload.trace(named: "\(name), seed \(seed)")
            }
        }
    }

    let all: [Source]

    /// - Throws: where a folder holds no trace. Whether a file can be read is said by whoever reads it.
    init(traces: [String], workloads: [String], seed: UInt64) throws {
        var all: [Source] = []
        for name in traces {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue else {
                all.append(.file(name))
                continue
            }
            let found = try FileManager.default.contentsOfDirectory(atPath: name).filter { $0.hasSuffix(".csv") }
                .sorted()
            guard !found.isEmpty else {
                throw Failure("\(name): error: the folder holds no .csv file. Name a trace, or a folder of them.")
            }
            all += found.map { .file("\(name)/\($0)") }
        }
        self.all = all + workloads.map { .workload(name: $0, seed: seed) }
    }

    /// Where the outputs of one of them go: into the folder itself, or into one of their own where there are several.
    func folder(for source: Source, in out: String?) -> String? {
        guard let out, all.count > 1 else { return out }
        let name = URL(fileURLWithPath: source.name).deletingPathExtension().lastPathComponent
        return "\(out)/\(name)"
    }
}
