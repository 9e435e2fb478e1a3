import ScriptProtocol

/// Which programs a worker holds, and by which numbers.
struct ProgramTable {
    private var numbers: [ScriptProgram: UInt32] = [:]
    private var bytes = 0

    enum Place {
        case known(UInt32)
        /// To be sent under this number before anything is run by it.
        case new(UInt32)
    }

    /// Where the worker has a program, or is to put it.
    mutating func place(_ program: ScriptProgram) -> Place {
        if let number = numbers[program] { return .known(number) }
        if numbers.count >= ScriptProgram.most || bytes + program.weight > ScriptProgram.mostBytes {
            // What is in use is soon there again.
            forget()
        }
        let number = UInt32(numbers.count)
        numbers[program] = number
        bytes += program.weight
        return .new(number)
    }

    mutating func forget() {
        numbers = [:]
        bytes = 0
    }
}
