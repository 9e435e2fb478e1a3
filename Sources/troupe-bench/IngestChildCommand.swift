import ArgumentParser

struct IngestChildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ingest-child", shouldDisplay: false)
    func run() throws {}
}
