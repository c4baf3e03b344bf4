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
import dev.warder.json.JsonText;
import dev.warder.policy.Actor;
import dev.warder.principal.ApiReply;
import dev.warder.principal.PrincipalApi;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import dev.warder.usage.DocumentReads;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request of an administrator below {@code /v1/organizations}. A refusal is sent at once, and the response to what waits for
 * the database later. Thread-safe.
 */
record OrganizationRequest(RequestRecord record, HttpServletRequest request, HttpServletResponse response)
        implements AsyncOutcome {
    private static final Logger LOG = LoggerFactory.getLogger(OrganizationRequest.class);
    private static final int LONGEST_BODY = 16 * 1024;

    <T> T part(Class<T> type) {
        return Attributes.get(request.getServletContext(), type);
    }

    void refuse(ErrorReply error) throws IOException {
        record.refuse(request, response, error);
    }

    /**
     * Begins the response with a page, unless too many are read at the same time.
     *
     * @param reads has the places of such pages
     * @param reading begins to read the page; it fails with an {@link SQLException} if the database cannot be read
     * @param failure the error for such a failure
     */
    void page(
            DocumentReads reads,
            Supplier<CompletableFuture<ApiReply>> reading,
            Function<SQLException, ErrorReply> failure)
            throws IOException {
        if (!reads.enter()) {
            refuse(ErrorReply.rateLimited("Too many pages are read at the same time. Try again soon.", 1));
            return;
        }
        record.atEnd(reads::leave);
        var page = reading.get();
        // A page is not read after its request has ended.
        record.atEnd(() -> page.cancel(false));
        var async = AsyncResponse.begin(request, response, record.call().id(), this);
        var unused = page.whenComplete((found, fault) -> {
            if (!page.isCancelled()) {
                async.send(fault == null ? reply(found) : error(refusal(fault, failure)));
            }
        });
    }

    private ErrorReply refusal(Throwable fault, Function<SQLException, ErrorReply> failure) {
        if (fault instanceof SQLException failed) {
            LOG.debug("a page cannot be read (SQL state {})", failed.getSQLState());
            return failure.apply(failed);
        }
        LOG.error("request {} failed", record.call().id(), fault);
        return ErrorReply.internal();
    }

    /** Begins the response of a resource that can change the policy, once the body has been read. */
    void serve(SpendLimitResource resource) throws IOException {
        var api = Attributes.find(request.getServletContext(), PrincipalApi.class);
        var client = Attributes.get(request, Client.class);
        var refusal = refusal(resource, client, api.isPresent());
        if (refusal.isPresent()) {
            refuse(refusal.get());
            return;
        }
        var kept =
                part(SmallBodies.class).begin(request, SmallBodies.Caller.administrator(client.name()), LONGEST_BODY);
        if (kept.isEmpty()) {
            refuse(SmallBodies.FULL);
            return;
        }
        var body = kept.get();
        record.atEnd(body::abandon);
        var key = Optional.ofNullable(request.getHeader("idempotency-key"));
        var actor = new Actor(
                client.auditName(), RemoteAddress.of(request), record.call().id());
        var async = AsyncResponse.begin(request, response, record.call().id(), this);
        try {
            body.read(request, async, read -> {
                if (read.isEmpty()) {
                    body.release();
                    async.send(error(ErrorReply.tooLarge("The body is too large.")));
                    return;
                }
                String text = new String(read.get(), StandardCharsets.UTF_8);
                var admitted = new SpendLimitResource.Admitted(record.call(), text, key, client, actor);
                var unused = resource.reply(api.orElseThrow(), admitted).whenComplete((reply, fault) -> {
                    body.release();
                    async.send(fault == null ? reply(reply) : error(ErrorReply.internal()));
                });
            });
        } catch (Throwable fault) {
            async.fail(fault);
            throw fault;
        }
    }

    private Optional<ErrorReply> refusal(SpendLimitResource resource, Client client, boolean hasDatabase) {
        String method = record.call().method();
        var methods = resource.methods();
        if (!methods.contains(method)) {
            return Optional.of(ErrorReply.methodNotAllowed(methods));
        }
        if (!method.equals("GET") && !client.has(Right.ADMIN_WRITE)) {
            return Optional.of(client.refusalWithout(Right.ADMIN_WRITE));
        }
        if (!method.equals("POST") && SmallBody.isSent(request)) {
            return Optional.of(ErrorReply.invalidRequest("This request must not have a body."));
        }
        return hasDatabase
                ? Optional.empty()
                : Optional.of(ErrorReply.notFound("Without a database this gateway has no spend limits."));
    }

    @Override
    public Optional<AsyncReply> late() {
        return Optional.of(error(ErrorReply.timeout("The response did not come in time.")));
    }

    @Override
    public void ended(End how) {
        record.end(how);
    }

    private AsyncReply reply(ApiReply reply) {
        return reply.refusal()
                .map(this::error)
                .orElseGet(() -> new Reply(record, Optional.empty(), JsonText.utf8(reply.body())));
    }

    private AsyncReply error(ErrorReply error) {
        return new Reply(
                record,
                Optional.of(error),
                Dialect.ANTHROPIC.body(error, record.call().id()));
    }

    /** A document or an error, which ends the record of its request. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Reply(RequestRecord record, Optional<ErrorReply> error, byte[] body) implements AsyncReply {
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
