package import ScriptProtocol

/// Why a Lua state did not do what it was asked to, and where in the script.
///
/// A host function throws it to raise an error in the script: of kind `.raised`, `.blind` or `.syntax`; with a place where the error
/// has one of its own, without where it is the calling line.
package struct LuaFailure: Error, Hashable {
    package var kind: ScriptFailure.Kind
    /// A sentence without the place.
    package var message: String
    package var file: String?
    package var line: Int?

    package init(kind: ScriptFailure.Kind, message: String, file: String? = nil, line: Int? = nil) {
        self.kind = kind
        self.message = message
        self.file = file
        self.line = line
    }
}
