import HTTPTypes

/// What this API is, for programs.
struct DescriptionRoutes {
    let table: RouteTableReference

    var routes: [Route] { [document] }

    private var document: Route {
        let table = table
        return Route(
            method: .get,
            path: "/openapi.json",
            permission: nil,
            operation: "getDescription",
            summary: "Read this description of the API",
            tag: "health",
            success: Route.Success(
                status: .ok,
                about: "An OpenAPI 3.1 document.",
                contents: [(.json, Schema(.map(.any, maximum: nil)))]
            ),
            hasETag: true
        ) { _ in Answer(.ok, type: .json, body: OpenAPIDocument(table.routes).bytes) }
    }
}
