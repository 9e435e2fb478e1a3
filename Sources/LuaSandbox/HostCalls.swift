import CLuaGuard
package import ScriptProtocol

/// What a state calls: the host functions and the search for modules.
///
/// The C side calls the two static functions with plain bytes. They answer with bytes and a status; nothing here may call Lua, for a
/// limit that jumps must find no Swift frame on its way.
final class HostCalls {
    var functions: [LuaState.HostFunction] = []
    let modules: LuaState.ModuleSearch
    /// Of the state that calls; set as soon as it exists, and never outlived by it.
    var state: OpaquePointer?

    init(modules: @escaping LuaState.ModuleSearch) { self.modules = modules }

    var callbacks: guard_callbacks {
        guard_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(),
            host: { context, function, bytes, count in
                guard let context else { return GUARD_RAISED }
                let calls = Unmanaged<HostCalls>.fromOpaque(context).takeUnretainedValue()
                return calls.call(Int(function), UnsafeRawBufferPointer(start: bytes, count: count))
            },
            module: { context, name, count in
                guard let context else { return GUARD_RAISED }
                let calls = Unmanaged<HostCalls>.fromOpaque(context).takeUnretainedValue()
                return calls.findModule(UnsafeRawBufferPointer(start: name, count: count))
            }
        )
    }

    private func call(_ function: Int, _ bytes: UnsafeRawBufferPointer) -> guard_ending {
        var reader = PlainReader(bytes)
        guard functions.indices.contains(function), case .list(let arguments)? = reader.read() else {
            return refuse(LuaFailure(kind: .raised, message: "the call cannot be read"))
        }
        do throws(LuaFailure) {
            let answer = try functions[function](LuaCall(arguments: arguments, state: state))
            return reply(PlainWriter.bytes(of: answer))
        } catch {
            return refuse(error)
        }
    }

    private func findModule(_ name: UnsafeRawBufferPointer) -> guard_ending {
        do throws(LuaFailure) {
            return reply(try modules(String(decoding: name, as: UTF8.self)).bytes)
        } catch {
            return refuse(error)
        }
    }

    private func reply(_ bytes: [UInt8]) -> guard_ending {
        guard_reply(state, bytes, bytes.count) ? GUARD_FINE : GUARD_MEMORY
    }

    private func refuse(_ failure: LuaFailure) -> guard_ending {
        let message = Array(failure.message.utf8)
        let line = Int32(clamping: failure.line ?? 0)
        let fits =
            if let file = failure.file {
                guard_refuse(state, message, message.count, file, line)
            } else {
                guard_refuse(state, message, message.count, nil, 0)
            }
        return fits ? guard_ending(refusing: failure.kind) : GUARD_MEMORY
    }
}

/// One call of a host function.
package struct LuaCall {
    package let arguments: [ScriptValue]
    fileprivate let state: OpaquePointer?

    /// The line of the script that calls; nil where no script is on the stack.
    package var line: Int? {
        let line = guard_caller_line(state)
        return line > 0 ? Int(line) : nil
    }
}
