import Agent
import Glibc
import NIOPosix

/// Runs what the command line asks for and returns the exit status.
@concurrent
func run(_ options: AgentOptions, until stop: AsyncStream<Int32>) async -> Int32 {
    // One thread is enough for a few small requests, and a thread is memory.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do throws(AgentError) {
        let agent = try Agent(
            options: options,
            group: group,
            clock: SystemClock(),
            log: .standardError,
            paths: SystemPaths(),
            seed: UInt64.random(in: .min ... .max)
        )
        if options.once {
            for line in try await agent.once() { print(line) }
        } else {
            try await agent.run(until: stop)
        }
        return 0
    } catch {
        AgentLog.standardError.error(error.description)
        return 1
    }
}

Heap.keepSmall()

do throws(UsageError) {
    let command = try AgentCommand.parse(
        Array(CommandLine.arguments.dropFirst()),
        environment: AgentEnvironment.variables(),
        hostName: HostName.current()
    )
    switch command {
    case .help:
        print(AgentHelp.text)
    case .version:
        print("troupe-agent \(AgentHelp.version)")
    case .run(let options):
        var signals = StopSignals()
        let (stop, stopping) = AsyncStream<Int32>.makeStream()
        Task.detached { exit(await run(options, until: stop)) }
        signals.wait { number in
            // There is nothing to put in order in a run that only prints.
            if options.once { exit(128 + number) }
            stopping.yield(number)
        }
    }
} catch {
    AgentLog.standardError.error(error.description)
    exit(64)
}
