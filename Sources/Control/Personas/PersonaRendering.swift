import Domain
import Scripting

/// The files that a persona asks of a resource.
enum PersonaRendering {
    /// Rendered with the resource's facts, sorted by path.
    ///
    /// - Throws: where a template is no Mustache, which loading a workspace finds before.
    static func files(
        of persona: Persona,
        for resource: Resource,
        in fleet: String
    ) throws(TemplateError) -> [ConfigTemplate] {
        try files(
            of: persona,
            with: TemplateFacts(persona: persona, fleet: fleet, resource: resource.id, labels: resource.labels)
        )
    }

    /// Those that are the same for every resource of the persona: what can be said before there is one.
    static func commonFiles(of persona: Persona, in fleet: String) -> [ConfigTemplate] {
        func rendered(_ id: String) -> [ConfigTemplate]? {
            let labels = Set(
                persona.templates.flatMap { labelNames(in: $0.contents) }
            )
            .map { Setting(name: $0, value: id) }
            return try? files(
                of: persona,
                with: TemplateFacts(persona: persona, fleet: fleet, resource: id, labels: labels)
            )
        }
        // A file that names the resource differs between two of them.
        guard let one = rendered("1"), let other = rendered("2") else { return [] }
        return zip(one, other).filter { $0 == $1 }.map(\.0)
    }

    private static func files(of persona: Persona, with facts: TemplateFacts) throws(TemplateError) -> [ConfigTemplate]
    {
        var files: [ConfigTemplate] = []
        for template in persona.templates {
            let contents = try TemplateRendering.render(template, with: facts)
            files.append(ConfigTemplate(path: template.path, contents: contents))
        }
        return files.sorted { $0.path < $1.path }
    }

    /// Names after `resource.labels.` in a template.
    private static func labelNames(in text: String) -> [String] {
        text.ranges(of: "resource.labels.")
            .map { range in
                String(text[range.upperBound...].prefix { $0 != "}" && $0 != " " && $0 != "." })
            }
    }
}
