import Agent
import Testing

import class TestSupport.TemporaryFolder

struct SystemSamplerTests {
    private let folder: TemporaryFolder
    private let paths: SystemPaths

    init() throws {
        folder = try TemporaryFolder()
        paths = SystemPaths(
            proc: folder.path + "/proc",
            cgroup: folder.path + "/cgroup",
            sys: folder.path + "/sys",
            disk: folder.path
        )
    }

    private func instant(_ seconds: Int64) -> AgentInstant {
        AgentInstant(wallMs: 0, monotonicMs: seconds * 1000)
    }

    private func near(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) < 1e-9 } ?? false
    }

    @Test func processorsOfAMachine() throws {
        try folder.write("proc/stat", "cpu  100 0 100 700 100 0 0 0 50 0\ncpu0 1 1 1 1\ncpu1 1 1 1 1\nintr 5\n")
        var sampler = SystemSampler(paths: paths)
        #expect(sampler.sample([.cpuUtilization], at: instant(0)).isEmpty)
        // 60 busy ticks (stolen ones among them), 40 idle and waiting.
        try folder.write("proc/stat", "cpu  130 5 110 720 120 1 4 10 80 0\ncpu0 1 1 1 1\ncpu1 1 1 1 1\n")
        #expect(near(sampler.sample([.cpuUtilization], at: instant(10))[.cpuUtilization], 0.6))
    }

    @Test(arguments: [("50000 100000", 0.8), ("max 100000", 0.2)])
    func processorsOfAContainer(limit: String, expected: Double) throws {
        try folder.write("proc/stat", "cpu  1 1 1 1\ncpu0 1 1 1 1\ncpu1 1 1 1 1\n")
        try folder.write("cgroup/cpu.max", limit + "\n")
        try folder.write("cgroup/cpu.stat", "usage_usec 1000000\nuser_usec 500\n")
        var sampler = SystemSampler(paths: paths)
        #expect(sampler.sample([.cpuUtilization], at: instant(0)).isEmpty)
        try folder.write("cgroup/cpu.stat", "usage_usec 5000000\nuser_usec 500\n")
        // Four seconds of processor time in ten.
        #expect(near(sampler.sample([.cpuUtilization], at: instant(10))[.cpuUtilization], expected))
    }

    @Test(arguments: [("max 100000", "0\n", 0.4), ("300000 100000", "0-1\n", 0.2), ("900000 100000", "", 0.2)])
    func processorsAreNoMoreThanThereAre(limit: String, bound: String, expected: Double) throws {
        try folder.write("proc/stat", "cpu  1 1 1 1\ncpu0 1 1 1 1\ncpu1 1 1 1 1\n")
        try folder.write("cgroup/cpu.max", limit + "\n")
        try folder.write("cgroup/cpuset.cpus.effective", bound)
        try folder.write("cgroup/cpu.stat", "usage_usec 1000000\n")
        var sampler = SystemSampler(paths: paths)
        #expect(sampler.sample([.cpuUtilization], at: instant(0)).isEmpty)
        try folder.write("cgroup/cpu.stat", "usage_usec 5000000\n")
        #expect(near(sampler.sample([.cpuUtilization], at: instant(10))[.cpuUtilization], expected))
    }

    @Test func aContainerOfVersion1() throws {
        try folder.write("proc/stat", "cpu  1 1 1 1\ncpu0 1 1 1 1\ncpu1 1 1 1 1\n")
        try folder.write("proc/meminfo", "MemTotal:  1000 kB\nMemAvailable:  400 kB\n")
        try folder.write("cgroup/cpu/cpu.cfs_quota_us", "50000\n")
        try folder.write("cgroup/cpu/cpu.cfs_period_us", "100000\n")
        try folder.write("cgroup/cpuacct/cpuacct.usage", "1000000000\n")
        try folder.write("cgroup/memory/memory.limit_in_bytes", "2000\n")
        try folder.write("cgroup/memory/memory.usage_in_bytes", "1000\n")
        try folder.write("cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 200\n")
        var sampler = SystemSampler(paths: paths)
        #expect(near(sampler.sample([.cpuUtilization, .memoryUtilization], at: instant(0))[.memoryUtilization], 0.4))
        try folder.write("cgroup/cpuacct/cpuacct.usage", "2000000000\n")
        #expect(near(sampler.sample([.cpuUtilization], at: instant(10))[.cpuUtilization], 0.2))
        // Without limits the machine is meant.
        try folder.write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
        try folder.write("cgroup/cpu/cpu.cfs_quota_us", "-1\n")
        _ = sampler.sample([.cpuUtilization], at: instant(20))
        try folder.write("proc/stat", "cpu  4 1 1 2\ncpu0 1 1 1 1\ncpu1 1 1 1 1\n")
        let values = sampler.sample([.cpuUtilization, .memoryUtilization], at: instant(30))
        #expect(near(values[.memoryUtilization], 0.6) && near(values[.cpuUtilization], 0.75))
    }

    @Test func memoryOfAMachine() throws {
        try folder.write("proc/meminfo", "MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  400 kB\n")
        var sampler = SystemSampler(paths: paths)
        #expect(near(sampler.sample([.memoryUtilization], at: instant(0))[.memoryUtilization], 0.6))
    }

    @Test(arguments: [("2000\n", 0.4), ("max\n", 800.0 / 1_024_000)])
    func memoryOfAContainer(limit: String, expected: Double) throws {
        try folder.write("proc/meminfo", "MemTotal:  1000 kB\nMemAvailable:  400 kB\n")
        try folder.write("cgroup/memory.max", limit)
        try folder.write("cgroup/memory.current", "1000\n")
        try folder.write("cgroup/memory.stat", "anon 700\ninactive_file 200\nactive_file 100\n")
        var sampler = SystemSampler(paths: paths)
        #expect(near(sampler.sample([.memoryUtilization], at: instant(0))[.memoryUtilization], expected))
    }

    @Test func theBusiestDisk() throws {
        try folder.write("sys/block/sda/size", "1")
        try folder.write("sys/block/nvme0n1/size", "1")
        func stats(_ sda: Int, _ nvme: Int) -> String {
            """
               8       0 sda 1 2 3 4 5 6 7 8 0 \(sda) 11
               8       1 sda1 1 2 3 4 5 6 7 8 0 999999 11
             259       0 nvme0n1 1 2 3 4 5 6 7 8 0 \(nvme) 11
               7       0 loop0 1 2 3 4 5 6 7 8 0 99999 11
               short line

            """
        }
        try folder.write("proc/diskstats", stats(1000, 1000))
        var sampler = SystemSampler(paths: paths)
        #expect(sampler.sample([.diskIOUtilization], at: instant(0)).isEmpty)
        try folder.write("proc/diskstats", stats(3000, 6000))
        #expect(near(sampler.sample([.diskIOUtilization], at: instant(10))[.diskIOUtilization], 0.5))
    }

    @Test func bytesOverAllInterfaces() throws {
        func table(_ eth0: Int, _ eth1: Int?) -> String {
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop
                lo: 999999 1 0 0 0 0 0 0 999999 1 0 0 0 0 0 0
              eth0:\(eth0) 1 0 0 0 0 0 0 \(eth0 * 2) 1 0 0 0 0 0 0
            \(eth1.map { "  eth1: \($0) 1 0 0 0 0 0 0 \($0) 1 0 0 0 0 0 0\n" } ?? "")
            """
        }
        let kpis: Set<SystemKPI> = [.networkReceiveBytesRate, .networkTransmitBytesRate]
        var sampler = SystemSampler(paths: paths)
        try folder.write("proc/net/dev", table(1000, nil))
        #expect(sampler.sample(kpis, at: instant(0)).isEmpty)
        // An interface that comes brings no step.
        try folder.write("proc/net/dev", table(2000, 5_000_000))
        var values = sampler.sample(kpis, at: instant(10))
        #expect(near(values[.networkReceiveBytesRate], 100) && near(values[.networkTransmitBytesRate], 200))
        // A counter that starts anew counts from zero.
        try folder.write("proc/net/dev", table(500, 5_000_100))
        values = sampler.sample(kpis, at: instant(20))
        #expect(near(values[.networkReceiveBytesRate], 60) && near(values[.networkTransmitBytesRate], 110))
    }

    @Test func loadAndPressure() throws {
        try folder.write("proc/loadavg", "0.50 1.25 2.00 1/100 4242\n")
        try folder.write("proc/pressure/cpu", "some avg10=1.00 avg60=1.00 avg300=1.00 total=1000000\n")
        try folder.write("proc/pressure/io", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull total=0\n")
        // A container's own file goes before the machine's.
        try folder.write("cgroup/io.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=5\nfull total=0\n")
        var sampler = SystemSampler(paths: paths)
        let kpis = Set(SystemKPI.allCases).subtracting([.diskUtilization])
        let first = sampler.sample(kpis, at: instant(0))
        #expect(first == [.loadAverage1m: 0.5, .loadAverage5m: 1.25, .loadAverage15m: 2])
        try folder.write("proc/pressure/cpu", "some avg10=1.00 avg60=1.00 avg300=1.00 total=3500000\n")
        try folder.write("cgroup/io.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000005\nfull total=0\n")
        let second = sampler.sample(kpis, at: instant(10))
        #expect(near(second[.cpuPressure], 0.25) && near(second[.ioPressure], 0.1))
        #expect(second[.memoryPressure] == nil)
    }

    @Test func fillOfADisk() {
        var sampler = SystemSampler(paths: paths)
        let fill = sampler.sample([.diskUtilization], at: instant(0))[.diskUtilization]
        #expect(fill.map { (0...1).contains($0) } ?? false)
    }

    @Test func nothingAskedNothingTaken() throws {
        try folder.write("proc/loadavg", "0.50 1.25 2.00 1/100 4242\n")
        var sampler = SystemSampler(paths: paths)
        #expect(sampler.sample([], at: instant(0)).isEmpty)
        #expect(sampler.sample([.loadAverage1m], at: instant(0)) == [.loadAverage1m: 0.5])
    }

    @Test(arguments: [
        "", "\n\n", "cpu \n", "some total=\n", "some\n", "MemTotal:\n", ":\n: :\n", "cpu  nan x 1 2\n", "\u{0}\u{1}",
    ])
    func strangeFilesGiveNoValue(text: String) throws {
        let files = [
            "proc/stat", "proc/meminfo", "proc/diskstats", "proc/net/dev", "proc/loadavg", "proc/pressure/cpu",
            "cgroup/cpu.max", "cgroup/cpu.stat", "cgroup/memory.max", "cgroup/memory.current", "cgroup/io.pressure",
        ]
        for file in files { try folder.write(file, text) }
        var sampler = SystemSampler(paths: paths)
        for second in 0..<3 {
            let kpis = Set(SystemKPI.allCases).subtracting([.diskUtilization])
            #expect(sampler.sample(kpis, at: instant(Int64(second) * 10)).isEmpty)
        }
    }
}
