/// One label of a series. The name of the metric is the label `__name__`.
package struct WireLabel: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
