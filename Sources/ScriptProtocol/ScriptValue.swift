/// Plain data as it crosses between host and script worker, in both directions.
///
/// There are no functions, cycles or shared sub-tables in it. `numbers` carries a sample buffer whole (NaN = gap), so that
/// the worker computes on it natively and Lua never loops over samples.
package enum ScriptValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case list([ScriptValue])
    /// Sorted by key (bytewise), so that equal tables are equal frames.
    case table([Field])
    case numbers([Double])
    /// Stands for a function that a definition holds (`propose = function …`): only that it is there, and the line it starts on.
    case function(line: Int)

    package struct Field: Hashable, Sendable {
        package var key: String
        package var value: ScriptValue

        package init(_ key: String, _ value: ScriptValue) {
            self.key = key
            self.value = value
        }
    }
}
