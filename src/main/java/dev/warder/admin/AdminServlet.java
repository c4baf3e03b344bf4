package dev.warder.admin;

import dev.warder.admin.AdminActions.Notes;
import dev.warder.admin.AdminHandler.PageReplies;
import dev.warder.admin.AdminTarget.Action;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
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
    private static final Logger LOG = LoggerFactory.getLogger(AdminServlet.class);

    static final Duration LONGEST_REPLY = Duration.ofSeconds(30);

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
        var asked = AdminRequest.of(request, record.call(), auth);
        if (asked.isAdmitted()) {
            Attributes.put(request, Caller.class, () -> "administrator");
        }
        String path = record.call().target().path();
        var exchange = new Exchange(request, response, record, ApiReplies.bodyCaller(asked));
        var api = ApiTarget.of(path);
        if (api.isPresent()) {
            var replies = new ApiReplies(Attributes.find(getServletContext(), PrincipalApi.class));
            exchange.serve(
                    replies.longestBody(asked, api.get()),
                    limit(request, asked, ApiReplies.isExport(api.get(), asked)),
                    body -> replies.reply(asked, api.get(), body.map(FormReader::text)),
                    asked::refusal);
        } else {
            var target = AdminTarget.of(path);
            var form = FormReader.of(request);
            var handler = handler(auth, seal);
            exchange.serve(
                    FormReader.longest(
                            asked.isAdmitted(),
                            target.flatMap(AdminTarget::page).isPresent()),
                    limit(
                            request,
                            asked,
                            target.filter(found -> found.action() == Action.EXPORT)
                                    .isPresent()),
                    body -> handler.reply(asked, target, form.apply(body)),
                    asked::refusal);
        }
    }

    /** An export of a year is sent for as long as its reader takes, within reason; strangers may not wait so long. */
    private static Duration limit(HttpServletRequest request, AdminRequest asked, boolean isExport) {
        if (!asked.isAdmitted()) {
            return LONGEST_REPLY_TO_STRANGERS;
        }
        boolean isLong = isExport && asked.call().method().equals("GET") && !SmallBody.isSent(request);
        return isLong ? LONGEST_EXPORT : LONGEST_REPLY;
    }

    private AdminHandler handler(AdminAuth auth, Seal seal) {
        var application = getServletContext();
        var credentials = Attributes.get(application, ManagedCredentials.class);
        var gateway = Attributes.get(application, GatewayMXBean.class);
        return new AdminHandler(
                auth,
                new AdminActions(credentials, gateway, seal, clock),
                new ReportReplies(
                        Attributes.find(application, Ledger.class),
                        Attributes.find(application, Dashboard.class),
                        Attributes.find(application, BudgetReports.class),
                        Attributes.find(application, Reconciliation.class),
                        clock),
                new PageReplies(
                        Attributes.find(application, PrincipalApi.class)
                                .map(api -> new PrincipalPages(api, clock, System::nanoTime)),
                        new Notes(seal)));
    }

    /**
     * A request whose reply comes later, once its body was read.
     *
     * @param caller whose share of the memory the body uses
     */
    record Exchange(
            HttpServletRequest request, HttpServletResponse response, RequestRecord record, SmallBodies.Caller caller) {
        /**
         * Reads the body, inside {@code service}, and sends the reply. Sends a response for every failure: without this the client
         * would get none, because the filters have released the request.
         *
         * @param longest the bytes of the longest body that is kept; of a longer one, {@code work} gets none
         * @param failed the reply for a fault
         */
        void serve(
                int longest,
                Duration limit,
                Function<Optional<byte[]>, CompletionStage<AdminReply>> work,
                Function<ErrorReply, AdminReply> failed)
                throws IOException {
            var begun = Attributes.get(request.getServletContext(), SmallBodies.class)
                    .begin(request, caller, longest);
            if (begun.isEmpty()) {
                record.refuse(request, response, SmallBodies.FULL);
                return;
            }
            var kept = begun.get();
            record.atEnd(kept::abandon);
            var outcome = new RecordedOutcome(record);
            var async = AsyncResponse.begin(request, response, record.call().id(), outcome, limit.toMillis());
            try {
                kept.read(request, async, body -> begin(work, body).whenComplete((found, fault) -> {
                    if (fault != null) {
                        LOG.error("request {} failed", record.call().id(), fault);
                    }
                    var reply = fault == null ? found : failed.apply(ErrorReply.internal());
                    kept.release();
                    async.send(outcome.of(reply));
                }));
            } catch (Throwable fault) {
                async.fail(fault);
                throw fault;
            }
        }

        private static CompletionStage<AdminReply> begin(
                Function<Optional<byte[]>, CompletionStage<AdminReply>> work, Optional<byte[]> body) {
            try {
                return work.apply(body);
            } catch (RuntimeException | Error fault) {
                return CompletableFuture.failedFuture(fault);
            }
        }
    }

    /** Ends the record of a request to {@code /admin} with the outcome of its response. Thread-safe. */
    record RecordedOutcome(RequestRecord record) implements AsyncOutcome {
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
