package dev.warder.admin;

import dev.warder.adminapi.OwnUsage;
import dev.warder.auth.AdministratorTokens;
import dev.warder.auth.ClientDirectory;
import dev.warder.http.AsyncResponse;
import dev.warder.http.Attributes;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /me}, the page of a client. Thread-safe.
 */
public final class OwnPageServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(OwnPageServlet.class);

    private final transient SecureRandom random = new SecureRandom();
    private final transient InstantSource clock = InstantSource.system();
    private final transient SignedOutSessions signedOut = new SignedOutSessions(clock);
    private final transient NodeSecret ofThisNode = new NodeSecret(random);

    /** Called by the container. */
    public OwnPageServlet() {}

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
        var session = new OwnSession(ofThisNode, clock, random, signedOut, new AdministratorTokens(directory));
        var replies = new OwnPageReplies(
                session,
                Attributes.find(application, OwnUsage.class),
                call,
                new AdminCookies(request, call.target().path()),
                RemoteAddress.of(request),
                AdminRequest.isOwnPage(request));
        var begun = Attributes.get(application, SmallBodies.class)
                .begin(request, replies.bodyCaller(), FormReader.longest(false, false));
        if (begun.isEmpty()) {
            record.refuse(request, response, SmallBodies.FULL);
            return;
        }
        var kept = begun.get();
        record.atEnd(kept::abandon);
        var outcome = new RecordedOutcome(record);
        var async = AsyncResponse.begin(request, response, call.id(), outcome);
        try {
            FormReader.read(request, kept, async, form -> reply(replies, form).whenComplete((reply, fault) -> {
                kept.release();
                if (fault != null) {
                    LOG.error("request {} failed", call.id(), fault);
                }
                async.send(outcome.of(fault == null ? reply : AdminReply.error(ErrorReply.internal(), call.id())));
            }));
        } catch (Throwable fault) {
            async.fail(fault);
            throw fault;
        }
    }

    private static CompletionStage<AdminReply> reply(OwnPageReplies replies, Optional<Form> form) {
        try {
            return replies.reply(form);
        } catch (RuntimeException | Error fault) {
            return CompletableFuture.failedFuture(fault);
        }
    }
}
