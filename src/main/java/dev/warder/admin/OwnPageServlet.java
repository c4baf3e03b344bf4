package dev.warder.admin;

import dev.warder.admin.OwnSession.SignedIn;
import dev.warder.admin.page.OwnPage;
import dev.warder.admin.page.Page;
import dev.warder.admin.page.PageRequest;
import dev.warder.adminapi.OwnUsage;
import dev.warder.auth.AdministratorTokens;
import dev.warder.auth.ClientDirectory;
import dev.warder.config.Secret;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.http.RemoteAddress;
import dev.warder.http.SmallBodies;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Serves {@code /me}, the page of a client. Thread-safe.
 */
public final class OwnPageServlet extends HttpServlet {
    private final transient SecureRandom random = new SecureRandom();
    private final transient InstantSource clock = InstantSource.system();
    private final transient SignedOutSessions signedOut = new SignedOutSessions(clock);
    private final transient NodeSecret ofThisNode = new NodeSecret(Secret.of(Seal.random(random, 32)));

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        var call = record.call();
        if (!call.route().serves(call.method())) {
            record.refuse(
                    request, response, ErrorReply.methodNotAllowed(call.route().methods()));
            return;
        }
        var application = getServletContext();
        var directory = Attributes.get(application, ClientDirectory.class);
        var replies = new OwnPageReplies(
                new OwnSession(ofThisNode, clock, random, signedOut, new AdministratorTokens(directory)),
                Attributes.find(application, OwnUsage.class),
                call,
                new AdminCookies(request, call.target().path()),
                RemoteAddress.of(request),
                AdminRequest.isOwnPage(request));
        var form = FormReader.of(request);
        new AdminServlet.Exchange(request, response, record, replies.bodyCaller())
                .serve(
                        FormReader.longest(false, false),
                        AdminServlet.LONGEST_REPLY,
                        body -> replies.reply(form.apply(body)),
                        fault -> AdminReply.error(fault, call.id()));
    }

    /**
     * The responses of {@code /me}. Immutable; no method waits.
     *
     * @param usage empty without a database
     * @param from the address of the caller
     * @param ownPage whether no header field shows that another site's page sent the request
     */
    record OwnPageReplies(
            OwnSession sessions,
            Optional<OwnUsage> usage,
            Call call,
            AdminCookies cookies,
            String from,
            boolean ownPage) {
        SmallBodies.Caller bodyCaller() {
            return sessions.of(cookies, call, from)
                    .session()
                    .map(session -> SmallBodies.Caller.client(session.client().name()))
                    .orElse(SmallBodies.Caller.STRANGERS);
        }

        /** @param form the content of the body; empty if it cannot be read */
        CompletionStage<AdminReply> reply(Optional<Form> form) {
            boolean isForm = call.method().equals("POST");
            if (isForm && form.isEmpty()) {
                return page(ErrorReply.tooLarge("The form is too large or malformed."))
                        .now();
            }
            if (isForm && !ownPage) {
                return page(foreign()).now();
            }
            String action = form.filter(any -> isForm)
                    .map(fields -> fields.value(OwnPage.ACTION))
                    .orElse("");
            if (action.equals(OwnPage.SIGN_IN)) {
                return signIn(form.orElseThrow().value(OwnPage.TOKEN).strip()).now();
            }
            var found = sessions.of(cookies, call, from);
            if (found.refusal().isPresent()) {
                return page(found.refusal().get()).now();
            }
            var session = found.session();
            if (!isForm) {
                return show(session.get());
            }
            if (!Seal.same(session.get().formToken(), form.orElseThrow().value(PageRequest.FORM_TOKEN))) {
                return page(foreign()).now();
            }
            return action.equals(OwnPage.SIGN_OUT)
                    ? back().with(sessions.signOut(cookies, session.get())).now()
                    : show(session.get());
        }

        private AdminReply signIn(String token) {
            var refusal = sessions.refusal(token, call, from);
            return refusal.isPresent() ? page(refusal.get()) : back().with(sessions.cookie(cookies, token));
        }

        private CompletionStage<AdminReply> show(SignedIn session) {
            return usage.map(each ->
                            each.of(session.client().name()).handle((found, failed) -> Optional.ofNullable(found)))
                    .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()))
                    .thenApply(used -> AdminReply.page(
                            200, Page.fields(), OwnPage.of(session.client(), used, session.formToken())));
        }

        private AdminReply page(ErrorReply refusal) {
            return AdminReply.page(refusal, OwnPage.signIn(refusal.message()));
        }

        private static AdminReply back() {
            return AdminReply.seeOther(OwnPage.REFERENCE);
        }

        private static ErrorReply foreign() {
            return ErrorReply.forbidden("This form does not come from a page that was loaded since you signed in.");
        }
    }

    /** A secret that only this node knows, until it ends. Thread-safe. */
    record NodeSecret(Secret secret) {
        Secret unless(Optional<Secret> ofAll) {
            return ofAll.orElse(secret);
        }
    }
}
