package dev.warder.admin;

import dev.warder.admin.AdminRequest.Caller;
import dev.warder.admin.Endpoint.Kind;
import dev.warder.auth.AccessToken;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncReply.AsyncOutcome;
import dev.warder.http.AsyncResponse;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.GatewayServlet;
import dev.warder.http.PresentedTokens;
import dev.warder.http.Route;
import dev.warder.http.SmallBodies;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Serves the {@link AdminEndpoints} below {@code /admin} and at {@code /me}: a program gets JSON, and a browser pages. Without {@code
 * admin.token} nothing is served below {@code /admin} but {@code /admin/api}, to access tokens. The settings of clients are not used there,
 * so that a node can be drained in any state. No thread of the container waits for a body, a store or a token endpoint.
 */
public final class AdminServlet extends GatewayServlet<AdminContext> {
    private static final Duration LONGEST_REPLY = Duration.ofSeconds(30);
    private static final Duration LONGEST_REPLY_TO_STRANGERS = Duration.ofSeconds(10);
    private static final Duration LONGEST_TRANSFER = Duration.ofMinutes(15);
    private static final Duration LONGEST_IMPORT = Duration.ofMinutes(2);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var context = parts();
        var record = Attributes.get(request, RequestRecord.class);
        if (record.call().route() == Route.OWN_PAGE) {
            if (!record.refuseMethod(request, response)) {
                serve(context, record, request, response);
            }
        } else if (context.access.settings().token().isEmpty() && !presentsAccessToken(request, record.call())) {
            record.refuse(request, response, ErrorReply.notFound());
        } else {
            serve(context, record, request, response);
        }
    }

    private static boolean presentsAccessToken(HttpServletRequest request, Call call) {
        return AdminAuth.isApi(call)
                && PresentedTokens.bearer(request).flatMap(AccessToken::parse).isPresent();
    }

    /**
     * Reads the body, inside {@code service} or {@code doFilter}, and sends the reply. Sends a response for every failure: without
     * this the client would get none, because the filters have released the request.
     */
    static void serve(
            AdminContext context, RequestRecord record, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var asked = AdminRequest.of(request, record, context);
        if (record.call().route() == Route.ADMIN && asked.isAdmitted()) {
            Attributes.put(request, dev.warder.http.Caller.class, () -> "administrator");
        }
        var refusal = AdminAuth.refusalOfHead(asked);
        if (asked.found().kind() == Kind.ORGANIZATION && refusal.isPresent()) {
            record.refuse(request, response, refusal.get());
            return;
        }
        // None is kept where the request is refused for what comes before it.
        int longest = asked.found()
                .endpoint()
                .filter(each -> each.isOpen() || asked.isAdmitted() && refusal.isEmpty())
                .map(Endpoint::longest)
                .orElse(0);
        var begun = context.access.bodies().begin(request, asked.bodyCaller(), longest);
        if (begun.isEmpty()) {
            record.refuse(request, response, SmallBodies.FULL);
            return;
        }
        var kept = begun.get();
        record.atEnd(kept::abandon);
        var async = AsyncResponse.begin(
                request,
                response,
                record.call().id(),
                new RecordedOutcome(record),
                limit(asked).toMillis());
        try {
            kept.read(
                    request,
                    async,
                    () -> send(async, record, () -> asked.refusal(SmallBodies.DISPLACED)),
                    body -> begin(asked, longest, refusal, body).whenComplete((found, fault) -> {
                        kept.release();
                        send(async, record, () -> fault == null ? found : asked.failed(fault));
                    }));
        } catch (Throwable fault) {
            async.fail(fault);
            throw fault;
        }
    }

    private static void send(AsyncResponse async, RequestRecord record, Supplier<AdminReply> reply) {
        try {
            async.send(new SentReply(reply.get(), record));
        } catch (RuntimeException | Error failed) {
            async.fail(failed);
        }
    }

    /**
     * An export of a year is sent for as long as its reader takes, and an import of thousands of clients takes its time, within
     * reason; strangers may not wait so long.
     */
    private static Duration limit(AdminRequest asked) {
        if (!asked.isAdmitted()) {
            return LONGEST_REPLY_TO_STRANGERS;
        }
        if (asked.found().kind() == Kind.OWN) {
            return LONGEST_REPLY;
        }
        String path = asked.call().target().path();
        boolean isExport = path.equals(AdminEndpoints.LEDGER)
                || AdminEndpoints.WITH_CSV.contains(path)
                        && asked.query()
                                .filter(query -> query.value("format").equals("csv"))
                                .isPresent();
        boolean isLong = isExport
                && asked.call().method().equals("GET")
                && asked.head().bodyType().isEmpty();
        if (isLong) {
            return LONGEST_TRANSFER;
        }
        boolean isImport = path.equals(AdminEndpoints.API + AdminEndpoints.IMPORT)
                && asked.call().method().equals("POST");
        return isImport ? LONGEST_IMPORT : LONGEST_REPLY;
    }

    /** Fails by its result only, also where there is no heap for the text of a body: the memory of the body must be released. */
    private static CompletionStage<AdminReply> begin(
            AdminRequest asked, int longest, Optional<ErrorReply> refusal, Optional<byte[]> body) {
        try {
            return reply(longest == 0 ? asked : asked.with(body), refusal);
        } catch (Exception | Error fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }

    private static CompletionStage<AdminReply> reply(AdminRequest asked, Optional<ErrorReply> ofHead) throws Exception {
        var endpoint = asked.found().endpoint();
        if (endpoint.isPresent() && endpoint.get().isOpen()) {
            return endpoint.get().work().reply(asked);
        }
        if (asked.caller() instanceof Caller.Stranger stranger) {
            return SignInPage.stranger(asked, stranger);
        }
        var refusal = ofHead.or(() -> AdminAuth.refusalOfBody(asked));
        return refusal.isPresent()
                ? asked.refused(refusal.get())
                : endpoint.orElseThrow().work().reply(asked);
    }

    /** Ends the record of a request with the outcome of its response. Thread-safe. */
    private record RecordedOutcome(RequestRecord record) implements AsyncOutcome {
        @Override
        public Optional<AsyncReply> late() {
            var timeout = ErrorReply.timeout("The response did not come in time.");
            return Optional.of(
                    new SentReply(AdminReply.error(timeout, record.call().id()), record));
        }

        @Override
        public void ended(End how) {
            record.end(how);
        }
    }
}
