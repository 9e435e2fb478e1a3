/// The value of one KPI at one collection.
package struct Reading: Hashable, Sendable {
    package var name: String
    package var value: Double

    package init(name: String, value: Double) {
        self.name = name
        self.value = value
    }
}
