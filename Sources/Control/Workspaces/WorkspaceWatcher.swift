import Domain
import Foundation

/// Follows edits of the workspace's folder, whole or not at all.
///
///     listing changed ──▶ the same at the next look? ──▶ texts differ from what was last loaded of the folder? ──▶ load
///
/// A version that a person has put in force since stays so until the folder changes again. A state of the folder that does not load is
/// reported once, and what was in force stays.
struct WorkspaceWatcher {
    private let control: LiveControl
    private let folder: URL
    /// What is dealt with.
    private var settled: WorkspaceListing?
    /// What was there at the last look: someone may be in the middle of saving several files.
    private var pending: WorkspaceListing?

    init(_ control: LiveControl, folder: URL) {
        self.control = control
        self.folder = folder
    }

    /// Looks every `every`, until the task is cancelled.
    mutating func run(every: TimeSpan) async {
        let clock = control.parts.clock
        while !Task.isCancelled {
            await look()
            try? await clock.sleep(until: clock.now + every)
        }
    }

    mutating func look() async {
        let folder = folder
        let listing = await control.services.threads.run { WorkspaceListing(folder: folder) }
        defer { pending = listing }
        guard listing != settled, listing == pending else { return }
        // Where something else was in the way, the next look tries again.
        if await control.followFolder() { settled = listing }
    }
}
