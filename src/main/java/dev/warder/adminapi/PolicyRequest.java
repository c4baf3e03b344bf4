package dev.warder.adminapi;

import dev.warder.auth.Client;
import dev.warder.auth.Right;
import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncResponse;
import dev.warder.http.Attributes;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnResponse;
import dev.warder.http.RemoteAddress;
import dev.warder.http.SmallBodies;
import dev.warder.http.SmallBody;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonText;
import dev.warder.policy.Actor;
import dev.warder.principal.ApiReply;
import dev.warder.principal.PrincipalApi;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A request to a {@link SpendLimitResource}. It gets its response later. Thread-safe. */
final class PolicyRequest implements AsyncOutcome {
    private static final int LONGEST_BODY = 16 * 1024;

    private final RequestRecord record;
    private final SpendLimitResource resource;
    private final PrincipalApi api;
    private final Optional<String> idempotencyKey;
    private final Client client;
    private final Actor actor;
    private final SmallBodies.Kept kept;
    private final AsyncResponse response;

    private PolicyRequest(
            RequestRecord record,
            SpendLimitResource resource,
            PrincipalApi api,
            SmallBodies.Kept kept,
            HttpServletRequest request,
            HttpServletResponse out)
            throws IOException {
        this.record = record;
        this.resource = resource;
        this.api = api;
        this.kept = kept;
        record.atEnd(kept::abandon);
        idempotencyKey = Optional.ofNullable(request.getHeader("idempotency-key"));
        client = Attributes.get(request, Client.class);
        actor = new Actor(
                client.auditName(), RemoteAddress.of(request), record.call().id());
        response = AsyncResponse.begin(request, out, record.call().id(), this);
    }

    static void begin(
            RequestRecord record,
            SpendLimitResource resource,
            Optional<PrincipalApi> api,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var refusal = refusal(record, resource, api, request);
        if (refusal.isPresent()) {
            record.refuse(request, response, refusal.get());
            return;
        }
        var caller = SmallBodies.Caller.administrator(
                Attributes.get(request, Client.class).name());
        var kept =
                Attributes.get(request.getServletContext(), SmallBodies.class).begin(request, caller, LONGEST_BODY);
        if (kept.isEmpty()) {
            record.refuse(request, response, SmallBodies.FULL);
            return;
        }
        var begun = new PolicyRequest(record, resource, api.orElseThrow(), kept.get(), request, response);
        try {
            kept.get().read(request, begun.response, begun::read);
        } catch (Throwable fault) {
            begun.response.fail(fault);
            throw fault;
        }
    }

    private static Optional<ErrorReply> refusal(
            RequestRecord record, SpendLimitResource resource, Optional<PrincipalApi> api, HttpServletRequest request) {
        String method = record.call().method();
        var methods = resource.methods();
        if (!methods.contains(method)) {
            return Optional.of(ErrorReply.methodNotAllowed(methods));
        }
        var client = Attributes.get(request, Client.class);
        if (!method.equals("GET") && !client.has(Right.ADMIN_WRITE)) {
            return Optional.of(client.refusalWithout(Right.ADMIN_WRITE));
        }
        if (!method.equals("POST") && SmallBody.isSent(request)) {
            return Optional.of(ErrorReply.invalidRequest("This request must not have a body."));
        }
        return api.isPresent()
                ? Optional.empty()
                : Optional.of(ErrorReply.notFound("Without a database this gateway has no spend limits."));
    }

    private void read(Optional<byte[]> body) {
        if (body.isEmpty()) {
            kept.release();
            response.send(DocumentReply.of(record, ErrorReply.tooLarge("The body is too large.")));
            return;
        }
        var call = new SpendLimitResource.Call(
                record.call().method(),
                record.call().target().path(),
                record.call().target().query().orElse(""),
                new String(body.get(), StandardCharsets.UTF_8),
                idempotencyKey,
                client,
                actor);
        var unused = resource.reply(api, call).whenComplete((reply, fault) -> {
            kept.release();
            response.send(
                    fault == null ? DocumentReply.of(record, reply) : DocumentReply.of(record, ErrorReply.internal()));
        });
    }

    @Override
    public Optional<AsyncReply> late() {
        return Optional.of(DocumentReply.of(record, ErrorReply.timeout("The response did not come in time.")));
    }

    @Override
    public void ended(End how) {
        record.end(how);
    }

    /** A page or an error, which ends the record of its request. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record DocumentReply(RequestRecord record, Optional<ErrorReply> error, byte[] body) implements AsyncReply {
        static DocumentReply of(RequestRecord record, Record page) {
            return new DocumentReply(record, Optional.empty(), JsonDocuments.bytes(page));
        }

        static DocumentReply of(RequestRecord record, ApiReply reply) {
            return reply.refusal()
                    .map(error -> of(record, error))
                    .orElseGet(() -> new DocumentReply(record, Optional.empty(), JsonText.utf8(reply.body())));
        }

        static DocumentReply of(RequestRecord record, ErrorReply error) {
            return new DocumentReply(
                    record,
                    Optional.of(error),
                    Dialect.ANTHROPIC.body(error, record.call().id()));
        }

        private int status() {
            return error.map(ErrorReply::status).orElse(HttpServletResponse.SC_OK);
        }

        @Override
        public void head(HttpServletResponse response) {
            String id = record.call().id();
            response.setStatus(status());
            response.setContentType("application/json");
            response.setContentLength(body.length);
            response.setHeader("Cache-Control", "no-store");
            response.setHeader(OwnResponse.REQUEST_ID, id);
            response.setHeader("request-id", id);
            error.ifPresent(each -> each.fields().forEach(field -> response.setHeader(field.name(), field.value())));
        }

        @Override
        public void written() {
            error.ifPresent(record::error);
            record.end(error.isEmpty() ? RequestEnd.OK : RequestEnd.REFUSED, status(), body.length);
        }
    }
}
