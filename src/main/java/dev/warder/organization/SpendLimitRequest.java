package dev.warder.organization;

import dev.warder.audit.Actor;
import dev.warder.auth.Client;
import dev.warder.auth.Right;
import dev.warder.config.InvalidValueException;
import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncResponse;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.RemoteAddress;
import dev.warder.http.SmallBody;
import dev.warder.json.JsonTree;
import dev.warder.principal.Administration;
import dev.warder.principal.IdempotencyKey;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.api.ApiReply;
import dev.warder.principal.api.PrincipalApi;
import dev.warder.record.RequestRecord;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A request to {@code /v1/organizations/spend_limits} or what is below it, except for the effective limits. It gets its response
 * later. Thread-safe.
 */
final class SpendLimitRequest implements AsyncOutcome, SmallBody.Reader {
    private static final String ROOT = "/v1/organizations/spend_limits";
    private static final String EFFECTIVE = ROOT + "/effective";
    private static final String AUDIT = ROOT + "/audit";
    private static final SmallBody.Limits LIMITS = new SmallBody.Limits(16 * 1024, 1 << 20);
    private static final int LONGEST_KEY = 255;

    private final RequestRecord record;
    private final PrincipalApi api;
    private final String path;
    private final String query;
    private final Optional<String> key;
    private final Actor actor;
    private final AsyncResponse response;

    private SpendLimitRequest(
            RequestRecord record, PrincipalApi api, HttpServletRequest request, HttpServletResponse out)
            throws IOException {
        this.record = record;
        this.api = api;
        path = record.call().target().path();
        query = record.call().target().query().orElse("");
        key = Optional.ofNullable(request.getHeader("idempotency-key"));
        actor = new Actor(
                Attributes.get(request, Client.class).auditName(),
                RemoteAddress.of(request),
                record.call().id());
        response = AsyncResponse.begin(request, out, record.call().id(), this);
    }

    /** Whether it serves a path. */
    static boolean serves(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + "/") && !path.equals(EFFECTIVE) && isOne(path);
    }

    private static boolean isOne(String path) {
        return path.indexOf('/', ROOT.length() + 1) < 0 && path.length() > ROOT.length() + 1;
    }

    /** Begins the response to a request of a caller with a right of administration, inside {@code doFilter}. */
    static void begin(
            RequestRecord record, Optional<PrincipalApi> api, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var refusal = refusal(record, api, request);
        if (refusal.isPresent()) {
            record.refuse(request, response, refusal.get());
            return;
        }
        var begun = new SpendLimitRequest(record, api.orElseThrow(), request, response);
        if (SmallBody.isSent(request)) {
            SmallBody.read(request, begun.response.reading(), LIMITS, begun);
        } else {
            begun.read(Optional.of(new byte[0]));
        }
    }

    private static Optional<ErrorReply> refusal(
            RequestRecord record, Optional<PrincipalApi> api, HttpServletRequest request) {
        String method = record.call().method();
        var methods = methods(record.call().target().path());
        if (!methods.contains(method)) {
            return Optional.of(ErrorReply.methodNotAllowed(methods));
        }
        var client = Attributes.get(request, Client.class);
        if (!method.equals("GET") && !client.has(Right.ADMIN_WRITE)) {
            return Optional.of(ErrorReply.forbidden("The access token named " + client.tokenName()
                    + " does not have the right " + Right.ADMIN_WRITE.word() + "."));
        }
        if (!method.equals("POST") && SmallBody.isSent(request)) {
            return Optional.of(ErrorReply.invalidRequest("This request must not have a body."));
        }
        return api.isPresent()
                ? Optional.empty()
                : Optional.of(ErrorReply.notFound("Without a database this gateway has no spend limits."));
    }

    private static List<String> methods(String path) {
        if (path.equals(AUDIT)) {
            return List.of("GET");
        }
        return path.equals(ROOT) ? List.of("GET", "POST") : List.of("DELETE", "GET");
    }

    @Override
    public void read(Optional<byte[]> body) {
        if (body.isEmpty()) {
            response.send(PageReply.of(record, ErrorReply.tooLarge("The body is too large.")));
            return;
        }
        String text = new String(body.get(), StandardCharsets.UTF_8);
        var unused = api.reply(administration -> reply(new SpendLimitChanges(administration), text))
                .whenComplete((reply, fault) -> response.send(
                        fault == null ? PageReply.of(record, reply) : PageReply.of(record, ErrorReply.internal())));
    }

    private ApiReply reply(SpendLimitChanges limits, String body)
            throws InvalidValueException, RefusedChangeException, SQLException {
        if (path.equals(AUDIT)) {
            return limits.audit(query);
        }
        if (path.equals(ROOT)) {
            return record.call().method().equals("GET")
                    ? limits.list(SpendLimitListQuery.parse(query))
                    : set(limits, body);
        }
        String id = path.substring(ROOT.length() + 1);
        if (record.call().method().equals("GET")) {
            return limits.find(id).map(found -> ok(found.document())).orElseGet(SpendLimitRequest::noLimit);
        }
        return limits.remove(id, change(""))
                .map(found -> ok(JsonTree.typed("spend_limit_deleted")
                        .add("id", found.id())
                        .build()))
                .orElseGet(SpendLimitRequest::noLimit);
    }

    private ApiReply set(SpendLimitChanges limits, String body)
            throws InvalidValueException, RefusedChangeException, SQLException {
        var document = JsonTree.parseWholeDistinctObject(body)
                .orElseThrow(() -> new InvalidValueException(
                        "The body must be one JSON object, without two members of one name."));
        var wanted = SpendLimitBody.read(document);
        return limits.set(wanted, change(body))
                .map(found -> ok(found.document()))
                .orElseGet(() -> ApiReply.of(ErrorReply.notFound("There is no " + wanted.owner()
                        + ". Users are the clients of the policy, and workspaces are its teams.")));
    }

    private Administration.Request change(String body) throws InvalidValueException {
        if (key.filter(text -> text.length() > LONGEST_KEY).isPresent()) {
            throw new InvalidValueException("Idempotency-Key: must have at most " + LONGEST_KEY + " characters.");
        }
        String asked = record.call().method() + " " + path + "\n" + body;
        return new Administration.Request(actor, key.map(text -> IdempotencyKey.of(actor.name(), text, asked)));
    }

    private static ApiReply ok(JsonObject document) {
        return ApiReply.of(200, document.toString());
    }

    private static ApiReply noLimit() {
        return ApiReply.of(ErrorReply.notFound("There is no spend limit of this id."));
    }

    @Override
    public void lost(Throwable cause) {
        response.lost(cause);
    }

    @Override
    public Optional<AsyncReply> late() {
        return Optional.of(PageReply.of(record, ErrorReply.timeout("The response did not come in time.")));
    }

    @Override
    public void ended(End how) {
        record.end(how);
    }
}
