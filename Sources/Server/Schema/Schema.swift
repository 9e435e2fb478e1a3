/// What a JSON value, or the text of a parameter, must look like.
///
/// One description serves three: it checks what comes in, it is what `/openapi.json` says, and shapes (`Shape`) carry it beside the code
/// that writes what goes out. So the document cannot differ from the server.
struct Schema: Sendable {
    indirect enum Kind: Sendable {
        case string(TextForm)
        case integer(ClosedRange<Int64>?)
        /// A finite number.
        case number
        case boolean
        case array(Schema, maximum: Int?)
        /// These members and no others.
        case object([Property])
        /// Any members, all of this form.
        case map(Schema, maximum: Int?)
        /// Any JSON value.
        case any
        /// Kept once under its name, and referred to.
        case named(String, Schema)
    }

    struct Property: Sendable {
        var name: String
        var schema: Schema
        var isRequired: Bool
    }

    var kind: Kind
    var about: String?
    var isNullable = false

    init(_ kind: Kind, _ about: String? = nil) {
        self.kind = kind
        self.about = about
    }

    static let any = Schema(.any)
    static let boolean = Schema(.boolean)
    static let number = Schema(.number)
    static let instant = Schema(.string(.instant))
    static let duration = Schema(.string(.duration))
    static let name = Schema(.string(.name))
    static func string(_ form: TextForm = .any) -> Schema { Schema(.string(form)) }
    static func integer(_ range: ClosedRange<Int64>? = nil) -> Schema { Schema(.integer(range)) }
    static func array(of element: Schema, atMost maximum: Int? = nil) -> Schema {
        Schema(.array(element, maximum: maximum))
    }
    static func object(_ properties: Property...) -> Schema { Schema(.object(properties)) }
    /// Labels of a resource or a series.
    static let labels = Schema(.map(.string(.upTo(1024)), maximum: 64))

    func about(_ text: String) -> Schema {
        var copy = self
        copy.about = text
        return copy
    }

    var orNull: Schema {
        var copy = self
        copy.isNullable = true
        return copy
    }

    /// Without its names.
    var resolved: Schema {
        guard case .named(_, let schema) = kind else { return self }
        var inner = schema.resolved
        inner.isNullable = inner.isNullable || isNullable
        return inner
    }
}

extension Schema.Property {
    static func required(_ name: String, _ schema: Schema, _ about: String? = nil) -> Schema.Property {
        Schema.Property(name: name, schema: about.map(schema.about) ?? schema, isRequired: true)
    }

    static func optional(_ name: String, _ schema: Schema, _ about: String? = nil) -> Schema.Property {
        Schema.Property(name: name, schema: about.map(schema.about) ?? schema, isRequired: false)
    }
}
