import Domain

/// How a value is written as JSON, and the schema that describes it, side by side.
///
///     let fleet = Shape<FleetStatus>.object("Fleet", "A fleet as it is now.", [
///         .member("name", .string) { $0.name },
///         .member("target", Shape.integer.orNull, "Asked for.") { $0.target },
///     ])
struct Shape<Value>: Sendable {
    let schema: Schema
    let write: @Sendable (Value, inout JSONWriter) -> Void

    init(_ schema: Schema, write: @escaping @Sendable (Value, inout JSONWriter) -> Void) {
        self.schema = schema
        self.write = write
    }

    /// One member of an object: its name, form and where its value comes from.
    struct Member: Sendable {
        let property: Schema.Property
        let write: @Sendable (Value, inout JSONWriter) -> Void

        static func member<Inner>(
            _ name: String,
            _ shape: Shape<Inner>,
            _ about: String? = nil,
            _ value: @escaping @Sendable (Value) -> Inner
        ) -> Member {
            Member(property: .required(name, shape.schema, about)) { owner, writer in
                writer.member(name) { shape.write(value(owner), &$0) }
            }
        }
    }

    /// All members are always there; what is not known is `null`.
    static func object(_ name: String, _ about: String, _ members: [Member]) -> Shape {
        let schema = Schema(.object(members.map(\.property)), about)
        return Shape(Schema(.named(name, schema))) { value, writer in
            writer.object { writer in
                for member in members { member.write(value, &writer) }
            }
        }
    }

    func array(atMost maximum: Int? = nil) -> Shape<[Value]> {
        let write = self.write
        return Shape<[Value]>(.array(of: schema, atMost: maximum)) { values, writer in
            writer.array(values) { write($0, &$1) }
        }
    }

    var orNull: Shape<Value?> {
        let write = self.write
        return Shape<Value?>(schema.orNull) { value, writer in
            if let value { write(value, &writer) } else { writer.null() }
        }
    }

    /// The whole text of a value.
    func bytes(_ value: Value) -> [UInt8] {
        var writer = JSONWriter()
        write(value, &writer)
        return writer.bytes
    }
}

extension Shape where Value == String {
    static var string: Shape { Shape(.string()) { $1.string($0) } }
    static func choice(_ choices: [String]) -> Shape { Shape(.string(.choice(choices))) { $1.string($0) } }
}

extension Shape where Value == Bool {
    static var bool: Shape { Shape(.boolean) { $1.bool($0) } }
}

extension Shape where Value == Int {
    static var count: Shape { Shape(.integer()) { $1.integer($0) } }
}

extension Shape where Value == Int64 {
    static var integer: Shape { Shape(.integer()) { $1.integer($0) } }
}

extension Shape where Value == Double {
    /// `null` for what is not a finite number.
    static var number: Shape { Shape(Schema.number.orNull) { $1.number($0) } }
}

extension Shape where Value == Timestamp {
    static var instant: Shape { Shape(.instant) { $1.string($0.description) } }
}

extension Shape where Value == TimeSpan {
    /// Seconds.
    static var seconds: Shape { Shape(Schema.number.orNull) { $1.number($0.seconds) } }
}

extension Shape where Value == [Setting] {
    /// An object of names and values. Of several of one name the last holds, as readers of JSON take it.
    static var labels: Shape {
        Shape(Schema(.map(.string(), maximum: nil))) { labels, writer in
            writer.object { writer in
                for label in labels { writer.member(label.name) { $0.string(label.value) } }
            }
        }
    }
}
