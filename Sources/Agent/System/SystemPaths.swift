/// Where the kernel shows what the samplers read. Tests put folders of fixtures in place of them.
package struct SystemPaths: Hashable, Sendable {
    package var proc: String
    /// The root of cgroup v2 as this process sees it; in a container it is the container's own group. Or the folder of v1's hierarchies.
    package var cgroup: String
    package var sys: String
    /// A path on the file system whose fill is watched.
    package var disk: String

    package init(
        proc: String = "/proc",
        cgroup: String = "/sys/fs/cgroup",
        sys: String = "/sys",
        disk: String = "/"
    ) {
        self.proc = proc
        self.cgroup = cgroup
        self.sys = sys
        self.disk = disk
    }
}
