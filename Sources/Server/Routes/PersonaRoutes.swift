import Control
import Domain
import HTTPTypes

/// The personas of the workspace in force.
struct PersonaRoutes {
    let services: RouteServices

    var routes: [Route] { [list, one] }

    private var list: Route {
        let control = services.control
        let shape = Shape<[Persona]>.list("PersonaList", "personas", "All personas, sorted by name.", of: .persona)
        return Route(
            method: .get,
            path: "/v1/personas",
            permission: .read,
            operation: "listPersonas",
            summary: "List personas",
            tag: "personas",
            success: .json(shape, "All personas."),
            hasETag: true
        ) { _ in .json(shape, await control.personas()) }
    }

    private var one: Route {
        let control = services.control
        return Route(
            method: .get,
            path: "/v1/personas/{name}",
            permission: .read,
            operation: "getPersona",
            summary: "Read a persona",
            tag: "personas",
            success: .json(Shape<Persona>.persona, "The persona."),
            problems: [.notFound],
            hasETag: true
        ) { call in
            let personas = await control.personas()
            let name = call.parameter()
            guard let persona = personas.first(where: { $0.name == name }) else {
                let nearest = NearestWord.find(name, among: personas.map(\.name))
                throw Problem(
                    .notFound,
                    "There is no persona \"\(name)\"." + (nearest.map { " Did you mean \"\($0)\"?" } ?? "")
                )
            }
            return .json(.persona, persona)
        }
    }
}
