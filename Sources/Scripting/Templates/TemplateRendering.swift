package import Domain
import Mustache

/// A persona's template with the facts of one resource put in.
package enum TemplateRendering {
    /// Renders one file.
    ///
    /// Values go in as they are: a configuration file is no HTML, so nothing is escaped.
    ///
    /// - Throws: `TemplateError` where the template is no Mustache.
    package static func render(_ template: ConfigTemplate, with facts: TemplateFacts) throws(TemplateError) -> String {
        let compiled: MustacheTemplate
        do {
            // The pragma stands on a line of its own, which Mustache takes out.
            compiled = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}\n" + template.contents)
        } catch {
            throw TemplateError(path: template.path, message: TemplateCheck.words(for: error))
        }
        return compiled.render(Self.context(of: facts))
    }

    private static func context(of facts: TemplateFacts) -> [String: Any] {
        var context: [String: Any] = [:]
        var allocation: [String: String] = [:]
        var resource: [String: Any] = [:]
        for fact in facts.values {
            let parts = fact.name.split(separator: ".", maxSplits: 1).map(String.init)
            switch (parts.first, parts.count) {
            case ("allocation", 2): allocation[parts[1]] = fact.value
            case ("resource", 2): resource[parts[1]] = fact.value
            default: context[fact.name] = fact.value
            }
        }
        resource["labels"] = Dictionary(facts.labels.map { ($0.name, $0.value) }) { first, _ in first }
        context["allocation"] = allocation
        context["resource"] = resource
        return context
    }
}

/// A template that cannot be rendered.
package struct TemplateError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    package let message: String

    package var description: String { "template \(path): \(message)" }
}
