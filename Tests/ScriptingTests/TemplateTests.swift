import Domain
import Testing

@testable import Scripting

struct TemplateTests {
    private static let persona = Persona(
        name: "low-latency",
        allocation: Allocation(cpu: 2, memoryBytes: 4 << 30, bandwidthBitsPerSecond: 1e9)
    )

    @Test func factsAreFilledInAsTheyAre() throws {
        let template = ConfigTemplate(
            path: "/etc/app.conf",
            contents:
                "cpu={{allocation.cpu}} mem={{allocation.memory}}/{{allocation.memory_mib}} net={{allocation.bandwidth}}\n"
                + "id={{resource.id}} zone={{resource.labels.zone}} who={{persona}}@{{fleet}}\n"
        )
        let facts = TemplateFacts(
            persona: Self.persona,
            fleet: "storefront",
            resource: "web/<1>&\"2\"",
            labels: [Setting(name: "zone", value: "eu<1>")]
        )
        #expect(
            try TemplateRendering.render(template, with: facts)
                == "cpu=2 mem=4GiB/4096 net=1Gbps\nid=web/<1>&\"2\" zone=eu<1> who=low-latency@storefront\n"
        )
    }

    @Test(arguments: [
        (
            "a\nworkers={{allocation.cpus}}\n", 1,
            "there is no fact {{allocation.cpus}}; known: allocation.bandwidth, allocation.bandwidth_mbps, allocation.cpu, "
                + "allocation.memory, allocation.memory_bytes, allocation.memory_mib, fleet, persona, resource.id, resource.labels.NAME"
        ),
        ("a\nb {{persona\n", 1, "a tag has no end; expected {{name}}"),
        ("a\n{{#persona}}\nx\n", 1, "the section persona has no end; expected {{/persona}}"),
        ("{{#persona}}\nx\n{{/fleet}}", 2, "{{/fleet}} ends the section {{#persona}}; expected {{/persona}}"),
        ("a\nb {{/fleet}}", 1, "{{/fleet}} ends a section that was not begun"),
        (
            "{{>other}}", 0,
            "partials, inheritance and delimiters have no meaning here; expected {{name}}, {{#name}} … {{/name}} or {{! comment}}"
        ),
    ])
    func mistakesAreFoundBeforeAnyoneRenders(contents: String, line: Int, message: String) {
        let problems = TemplateCheck.problems(in: contents)
        #expect(problems.map(\.message) == [message])
        #expect(problems.map(\.line) == [line])
    }

    @Test func goodTemplatesPass() {
        let contents =
            "{{! a comment {{fleet}}\n{{&persona}} {{{fleet}}} {{ resource.id }} {{#resource.labels.zone}}{{.}}{{/resource.labels.zone}}"
        #expect(TemplateCheck.problems(in: contents).isEmpty)
    }
}
