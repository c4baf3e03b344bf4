package dev.warder.admin;

import dev.warder.admin.AdminActions.LoginTicket;
import dev.warder.admin.AdminActions.Notes;
import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.PrincipalPages;
import dev.warder.auth.AdministratorTokens;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.TokenThrottle;
import dev.warder.config.Secret;
import dev.warder.http.AsyncOutcome;
import dev.warder.http.AsyncReply;
import dev.warder.http.AsyncResponse;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.Caller;
import dev.warder.http.ErrorReply;
import dev.warder.http.PresentedTokens;
import dev.warder.http.SmallBodies;
import dev.warder.http.SmallBody;
import dev.warder.ledger.Ledger;
import dev.warder.principal.ApiTarget;
import dev.warder.principal.PrincipalApi;
import dev.warder.quota.budget.BudgetReports;
import dev.warder.reconcile.Reconciliation;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interface of administrators over HTTP: see what the node does and what is
 * left of budgets, drain it, and manage the managed credentials, by programs in JSON or in a browser.
 * {@link AdminAuth} authenticates callers, and {@link AdminHandler} handles their requests. Without {@code admin.token} nothing
 * is served but {@code /admin/api}, to access tokens. The settings of clients are not used here, so that a node can be drained in
 * any state. No thread of the container waits for a body, a store or a token endpoint.
 */
public final class AdminServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(AdminServlet.class);

    private static final Duration LONGEST_REPLY = Duration.ofSeconds(30);

    private static final Duration LONGEST_REPLY_TO_STRANGERS = Duration.ofSeconds(10);

    private static final Duration LONGEST_EXPORT = Duration.ofMinutes(15);

    private final transient SecureRandom random = new SecureRandom();
    private final transient InstantSource clock;
    private final transient SignedOutSessions signedOut;

    public AdminServlet() {
        this(InstantSource.system());
    }

    AdminServlet(InstantSource clock) {
        this.clock = clock;
        this.signedOut = new SignedOutSessions(clock);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        var token = Attributes.get(getServletContext(), AdminSettings.class).token();
        if (token.isEmpty() && !presentsAccessToken(request, record.call())) {
            record.refuse(request, response, ErrorReply.notFound());
        } else {
            // Where only access tokens are accepted, no other token is right.
            serve(record, token.orElseGet(() -> Secret.of(Seal.random(random, 32))), request, response);
        }
    }

    private static boolean presentsAccessToken(HttpServletRequest request, Call call) {
        return AdminAuth.isApi(call)
                && PresentedTokens.bearer(request)
                        .filter(AdministratorTokens::mayBeToken)
                        .isPresent();
    }

    private void serve(RequestRecord record, Secret token, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var seal = new Seal(token, clock);
        var throttle = Attributes.get(getServletContext(), TokenThrottle.class);
        var directory = Attributes.get(getServletContext(), ClientDirectory.class);
        var auth = new AdminAuth(token, seal, random, throttle, signedOut, new AdministratorTokens(directory));
        var adminRequest = AdminRequest.of(request, record.call(), auth);
        if (isAdmitted(adminRequest)) {
            Attributes.put(request, Caller.class, () -> "administrator");
        }
        String target = record.call().target().path();
        var api = ApiTarget.of(target);
        var replies = new ApiReplies(Attributes.find(getServletContext(), PrincipalApi.class));
        var begun = Attributes.get(getServletContext(), SmallBodies.class)
                .begin(
                        request,
                        ApiReplies.bodyCaller(adminRequest),
                        api.map(each -> replies.longestBody(adminRequest, each))
                                .orElseGet(() ->
                                        FormReader.longest(isAdmitted(adminRequest), PageReplies.serves(target))));
        if (begun.isEmpty()) {
            record.refuse(request, response, SmallBodies.FULL);
            return;
        }
        var kept = begun.get();
        record.atEnd(kept::abandon);
        var handler = handler(auth, seal);
        var outcome = new RecordedOutcome(record);
        long limit = limitMillis(request, adminRequest);
        var async = AsyncResponse.begin(request, response, record.call().id(), outcome, limit);
        Consumer<AdminReply> send = reply -> {
            kept.release();
            async.send(outcome.of(reply));
        };
        try {
            if (api.isPresent()) {
                kept.read(
                        request,
                        async,
                        body -> respond(
                                adminRequest,
                                send,
                                () -> replies.reply(adminRequest, api.get(), body.map(AdminServlet::text))));
            } else {
                FormReader.read(
                        request,
                        kept,
                        async,
                        form -> respond(adminRequest, send, () -> handler.reply(adminRequest, form)));
            }
        } catch (Throwable fault) {
            async.fail(fault);
            throw fault;
        }
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** An export of a year is sent for as long as its reader takes, within reason; strangers may not wait so long. */
    private static long limitMillis(HttpServletRequest request, AdminRequest adminRequest) {
        if (!isAdmitted(adminRequest)) {
            return LONGEST_REPLY_TO_STRANGERS.toMillis();
        }
        String path = adminRequest.call().target().path();
        boolean export = adminRequest.call().method().equals("GET")
                && !SmallBody.isSent(request)
                && (AdminTarget.of(path)
                                .filter(target -> target.action() == AdminTarget.Action.EXPORT)
                                .isPresent()
                        || ApiTarget.of(path)
                                .filter(target -> ApiReplies.isExport(target, adminRequest))
                                .isPresent());
        return (export ? LONGEST_EXPORT : LONGEST_REPLY).toMillis();
    }

    private static boolean isAdmitted(AdminRequest adminRequest) {
        return !(adminRequest.caller() instanceof AdminRequest.Caller.Stranger);
    }

    private AdminHandler handler(AdminAuth auth, Seal seal) {
        var credentials = Attributes.get(getServletContext(), ManagedCredentials.class);
        var gateway = Attributes.get(getServletContext(), GatewayMXBean.class);
        var api = Attributes.find(getServletContext(), PrincipalApi.class);
        return new AdminHandler(
                auth,
                new LoginTicket(seal),
                credentials,
                new AdminActions(credentials, gateway, seal, clock),
                new LedgerExports(Attributes.find(getServletContext(), Ledger.class)),
                new DashboardReplies(Attributes.find(getServletContext(), Dashboard.class)),
                new BudgetReplies(Attributes.find(getServletContext(), BudgetReports.class)),
                new ReconciliationReplies(Attributes.find(getServletContext(), Reconciliation.class), clock),
                new PageReplies(api.map(found -> new PrincipalPages(found, clock, System::nanoTime)), new Notes(seal)));
    }

    /**
     * Sends a response for every failure: without this the client would get none, because the filters have released the
     * request.
     */
    private static void respond(
            AdminRequest adminRequest, Consumer<AdminReply> send, Supplier<CompletionStage<AdminReply>> work) {
        CompletionStage<AdminReply> reply;
        try {
            reply = work.get();
        } catch (RuntimeException | Error fault) {
            reply = CompletableFuture.failedFuture(fault);
        }
        reply.whenComplete((found, fault) -> send.accept(fault == null ? found : internal(adminRequest, fault)));
    }

    private static AdminReply internal(AdminRequest adminRequest, Throwable fault) {
        LOG.error("request {} failed", adminRequest.call().id(), fault);
        return adminRequest.refusal(ErrorReply.internal());
    }

    /** Ends the record of a request to {@code /admin} with the outcome of its response. Thread-safe. */
    public record RecordedOutcome(RequestRecord record) implements AsyncOutcome {
        public AsyncReply of(AdminReply reply) {
            return reply.rest()
                    .<AsyncReply>map(rest -> new ExportReply(reply, rest, record))
                    .orElseGet(() -> new Reply(reply, reply.bytes(), record));
        }

        @Override
        public Optional<AsyncReply> late() {
            var timeout = ErrorReply.timeout("The response did not come in time.");
            return Optional.of(of(AdminReply.error(timeout, record.call().id())));
        }

        @Override
        public void ended(End how) {
            record.end(how);
        }

        @SuppressWarnings("ArrayRecordComponent") // Never compared.
        private record Reply(AdminReply reply, byte[] body, RequestRecord record) implements AsyncReply {
            @Override
            public void head(HttpServletResponse response) {
                reply.head(response, record.call(), body.length);
            }

            @Override
            public void written() {
                reply.note(record, body.length);
            }
        }
    }
}
