import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import StateStore

/// What every request passes: it finds the route, the caller and the body, checks them against the route, has the handler answer, and
/// sees to what all answers have in common (request id, ETag, audit, metrics, log).
///
///     match ─ 404 405 ▶ authenticate ─ 401 403 429 ▶ negotiate ─ 406 ▶ query ─ 400 ▶ body ─ 400 413 415 ▶ audit ▶ handler ▶ ETag ─ 304
///
/// It takes the place of Hummingbird's router, which knows neither 405 with `Allow` nor a description of its routes.
struct Gateway: HTTPResponder {
    typealias Context = ConnectionContext

    let table: RouteTable
    let authenticator: Authenticator
    let audit: any AuditStoring
    let blocking: BlockingWork
    let metrics: ServerMetrics
    let now: @Sendable () -> Timestamp
    let logger: Logger
    private let changes = SerialGate()

    init(
        table: RouteTable,
        authenticator: Authenticator,
        audit: any AuditStoring,
        blocking: BlockingWork,
        metrics: ServerMetrics,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.table = table
        self.authenticator = authenticator
        self.audit = audit
        self.blocking = blocking
        self.metrics = metrics
        self.now = now
        self.logger = logger
    }

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let start = ContinuousClock.now
        let id = RequestID.accepted(request.headers[.requestID]) ?? RequestID.random()
        let target = RequestTarget(request.head.path ?? "/")
        let match = table.match(request.method, target.path)
        var answer: Answer
        var routeIndex: Int?
        do {
            switch match {
            case .found(let index, let parameters):
                routeIndex = index
                answer = try await serve(
                    table.routes[index],
                    request,
                    target,
                    parameters: parameters,
                    id: id,
                    client: context.client
                )
            case .otherMethods(let methods):
                let allowed = methods.map(\.rawValue).joined(separator: ", ")
                throw Problem(
                    .methodNotAllowed,
                    "\(request.method.rawValue) does not exist here; \(allowed) do.",
                    headers: [.allow: allowed]
                )
            case .nothing:
                throw Problem(.notFound, "There is nothing at this path; /openapi.json lists what there is.")
            }
        } catch let error as HTTPParserError {
            throw error
        } catch {
            answer = Answer(problem(for: error, id: id), instance: String(target.path), requestID: id)
        }
        let elapsed = ContinuousClock.now - start
        metrics.count(route: routeIndex, status: answer.status.code, elapsed: elapsed)
        log(request, target, answer, id: id, elapsed: elapsed)
        return response(answer, id: id, isHead: request.method == .head)
    }

    private func serve(
        _ route: Route,
        _ request: Request,
        _ target: RequestTarget,
        parameters: [String],
        id: String,
        client: String
    ) async throws -> Answer {
        let time = now()
        var caller = Caller.nobody
        if let permission = route.permission {
            caller = try authenticator.caller(request.head, for: permission, from: client, at: time)
            noteUse(of: caller, at: time)
        }
        let offered = route.success.contents.map(\.type)
        if !offered.isEmpty, Negotiation.choose(request.headers[.accept], offered) == nil {
            throw Problem(.notAcceptable, "This is offered as " + offered.map(\.essence).joined(separator: ", ") + ".")
        }
        for (name, value) in zip(route.path.parameters, parameters) {
            if let finding = (route.forms[name] ?? .name).finding(value, at: name) {
                throw Problem(.badRequest, "The path cannot be used.", findings: [finding])
            }
        }
        var logger = self.logger
        logger[metadataKey: "request_id"] = .string(id)
        var call = Call(
            id: id,
            caller: caller,
            client: client,
            path: String(target.path),
            parameters: parameters,
            query: try Query(target.query, parameters: route.query),
            headers: request.headers,
            now: time,
            logger: logger,
            notes: Call.Notes()
        )
        if let body = route.body { try await receive(body, of: request, into: &call) }
        let finished = call
        guard let action = route.action, !call.query.flag("dry_run") else {
            return try await finish(route, finished)
        }
        let entry = try await begin(action, finished)
        do {
            let answer =
                finished.headers[.ifMatch] == nil
                ? try await finish(route, finished)
                : try await changes.run { try await finish(route, finished) }
            await end(entry, action, "done", finished)
            return answer
        } catch {
            let problem = problem(for: error, id: id)
            await end(entry, action, "refused: \(problem.kind.rawValue)", finished)
            throw problem
        }
    }

    /// The handler's answer, with what the route promises of it.
    private func finish(_ route: Route, _ call: Call) async throws -> Answer {
        var answer = try await route.handle(call)
        guard route.hasETag, answer.status == .ok else { return answer }
        let tag = EntityTag.of(answer.body)
        if let header = call.headers[.ifNoneMatch], EntityTag.names(header, tag, isWeak: true) {
            answer = Answer(.notModified, headers: answer.headers)
        }
        answer.headers[.eTag] = tag
        return answer
    }

    private func noteUse(of caller: Caller, at time: Timestamp) {
        guard let token = caller.token, let tokens = authenticator.tokens, tokens.noteUse(of: token, at: time) else {
            return
        }
        let metrics = metrics
        let logger = logger
        blocking.submit {
            do {
                try tokens.flushUses()
            } catch {
                metrics.countStoreError(store: "state", code: (error as? StateStoreError)?.code.rawValue ?? "unknown")
                logger.warning("the use of tokens was not noted", metadata: ["error": "\(error)"])
            }
        }
    }

    private func response(_ answer: Answer, id: String, isHead: Bool) -> Response {
        var headers = answer.headers
        headers[.requestID] = id
        headers[.contentTypeOptions] = "nosniff"
        headers[.cacheControl] = headers[.eTag] == nil ? "no-store" : "no-cache"
        if let type = answer.type {
            headers[.contentType] = type.rawValue
            headers[.contentLength] = String(answer.body.count)
        }
        let hasBody = answer.type != nil && !isHead
        return Response(
            status: answer.status,
            headers: headers,
            body: hasBody ? ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)) : ResponseBody()
        )
    }

    private func problem(for error: any Error, id: String) -> Problem {
        switch error {
        case let error as StateStoreError: metrics.countStoreError(store: "state", code: error.code.rawValue)
        default: break
        }
        if let problem = Problem(error) { return problem }
        logger.error("a request failed unexpectedly", metadata: ["request_id": "\(id)", "error": "\(error)"])
        return Problem(.internalError, "The server failed; its log says more under the request's id.")
    }

    private func log(
        _ request: Request,
        _ target: RequestTarget,
        _ answer: Answer,
        id: String,
        elapsed: Duration
    ) {
        // Nothing is built for a level that is off: this runs for each batch of KPIs.
        let level: Logger.Level = answer.status.code >= 500 ? .warning : .debug
        guard logger.logLevel <= level else { return }
        logger.log(
            level: level,
            "request",
            metadata: [
                "request_id": "\(id)", "method": "\(request.method.rawValue)", "path": "\(target.path)",
                "status": "\(answer.status.code)", "ms": "\(elapsed.milliseconds)",
            ]
        )
    }
}

extension HTTPField.Name {
    static var requestID: HTTPField.Name { HTTPField.Name("X-Request-Id") ?? .via }
    static var contentTypeOptions: HTTPField.Name { HTTPField.Name("X-Content-Type-Options") ?? .via }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
