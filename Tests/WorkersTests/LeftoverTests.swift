import Glibc
import ScriptProtocol
import Testing
import Workers

extension WorkerTests {
    /// What pools leave behind: nothing. In a process of its own, where no other test opens descriptors meanwhile.
    struct LeftoverTests {
        @Test func noDescriptorIsLeftWhateverHappened() async {
            await #expect(processExitsWith: .success) {
                try await Leftovers.warmUp()
                let before = Leftovers.descriptors()
                for round in 0..<3 {
                    try await withPool(WorkerPoolConfiguration(size: 2)) { pool, _ in
                        #expect(await pool.answer(.good).isGood)
                        #expect(await pool.answer(.define("while true do end", wallMilliseconds: 50)).kind != nil)
                        for worker in pool.health.workers {
                            kill(worker, SIGKILL)
                            await Leftovers.gone(worker)
                        }
                        #expect(await pool.answer(.good).isGood)
                        // While runs are under way, and without a word of goodbye.
                        async let under = pool.answer(
                            .define("for i = 1, 1e6 do end return {}", name: "round-\(round).lua")
                        )
                        if round == 1 { pool.shutdown() }
                        _ = await under
                    }
                }
                #expect(Leftovers.descriptors() == before)
            }
        }
    }
}
