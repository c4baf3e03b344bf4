package dev.warder.auth;

import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.Caller;
import dev.warder.http.ErrorReply;
import dev.warder.http.Fields;
import dev.warder.http.PresentedTokens;
import dev.warder.http.Readiness;
import dev.warder.http.Route;
import dev.warder.http.Routing;
import dev.warder.record.RequestRecord;
import jakarta.servlet.ServletException;
import jakarta.servlet.UnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Makes all checks that are possible before a body is read, in the order of the refusals. Thread-safe. */
final class AdmissionChecks {
    /** The response to requests that arrive while the container takes the application down. */
    static final ErrorReply STOPPING = ErrorReply.stopping();

    private static final int RETRY_AFTER_DRAINING = 5;

    private final AdmissionRule rule;
    private final ClientDirectory directory;
    private final Routing routing;
    private final Readiness readiness;
    private final String header;
    private final boolean open;
    private final RefusedTokenLog refusedTokens = new RefusedTokenLog(System::nanoTime);

    AdmissionChecks(Routing routing, ClientSettings clients, ClientDirectory directory, Readiness readiness) {
        this.routing = routing;
        this.directory = directory;
        this.rule = new AdmissionRule(directory, clients.open(), clients.header());
        this.readiness = readiness;
        this.header = clients.header();
        this.open = clients.open();
    }

    /**
     * The reason to refuse a request; empty when it is admitted. An admitted caller is then on the request, as {@link
     * Client}, {@link PresentedToken} and {@link OwnCredential}; callers of public paths are not.
     */
    Optional<ErrorReply> refusal(HttpServletRequest request, RequestRecord record) {
        var call = record.call();
        if (readiness.stopping()) {
            return Optional.of(STOPPING);
        }
        if (call.route() == Route.ADMIN || call.route() == Route.METRICS || call.route() == Route.WELCOME) {
            return Optional.empty();
        }
        if (call.route() == Route.HEALTH) {
            return byRoute(call);
        }
        return unready().or(() -> {
            boolean free = call.route().isPublic(call.method());
            return free
                    ? Optional.empty()
                    : malformed(request).or(() -> foreignPage(request)).or(() -> notAdmitted(request, record));
        });
    }

    /** Reports that a request's thread is about to enter the filters, see {@link Readiness#entered}. */
    void entered() {
        readiness.entered();
    }

    /** Reports that the thread has left the filters. */
    void left() {
        readiness.left();
    }

    private Optional<ErrorReply> foreignPage(HttpServletRequest request) {
        return open ? LoopbackGuard.refusal(request) : Optional.empty();
    }

    /**
     * The response after a later filter or a servlet has thrown {@code fault}. While a container stops a servlet or
     * filter, it throws an exception into requests that were admitted just before.
     */
    ErrorReply failure(Throwable fault) {
        boolean takenDown = fault instanceof ServletException thrown
                && (readiness.stopping()
                        || thrown instanceof UnavailableException
                        || thrown.getRootCause() instanceof UnavailableException);
        return takenDown ? STOPPING : ErrorReply.internal();
    }

    private Optional<ErrorReply> unready() {
        if (readiness.missingClients().isPresent()) {
            return Optional.of(ErrorReply.notConfigured("The gateway is not configured: "
                    + readiness.missingClients().get()));
        }
        return readiness.draining()
                ? Optional.of(ErrorReply.overloaded("The gateway is about to stop.", RETRY_AFTER_DRAINING))
                : Optional.empty();
    }

    private static Optional<ErrorReply> malformed(HttpServletRequest request) {
        return Fields.malformed(request)
                .map(name -> ErrorReply.invalidRequest("The field " + name + " contains a control character."));
    }

    private Optional<ErrorReply> notAdmitted(HttpServletRequest request, RequestRecord record) {
        var unread = directory.refusalIfUnread();
        if (unread.isPresent()) {
            return byRoute(record.call()).or(() -> unread);
        }
        var admission = rule.decide(PresentedTokens.of(request, header));
        if (admission instanceof Admission.Admitted admitted) {
            var call = record.call();
            var outdated = directory.refusalIfOutdated();
            if (outdated.isPresent()) {
                return byRoute(call).or(() -> outdated);
            }
            var known = directory.inPolicy(admitted.client());
            if (known.isEmpty()) {
                return byRoute(call).or(() -> Optional.of(notInPolicy(admitted.client(), call)));
            }
            var client = known.get();
            Attributes.put(request, Caller.class, client);
            Attributes.put(request, Client.class, client);
            Attributes.put(request, PresentedToken.class, admitted.token());
            Attributes.put(request, OwnCredential.class, admitted.own());
            record.client(client.name());
            return byRoute(call)
                    .or(() -> inAddress(admitted.token(), record))
                    .or(() -> AccessRule.refusalFrom(String.valueOf(request.getRemoteAddr()), client))
                    .or(() -> AccessRule.refusal(call, client));
        }
        return Optional.of(((Admission.Refused) admission).reply());
    }

    /** A token in the address would go upstream, and into the logs of every front end. */
    private static Optional<ErrorReply> inAddress(PresentedToken token, RequestRecord record) {
        if (!token.isInAddress(record.call().target().pathAndQuery())) {
            return Optional.empty();
        }
        record.hidePath();
        return Optional.of(ErrorReply.invalidRequest(
                "The address contains an access token of this gateway. Send it in a header field only."));
    }

    /**
     * The record gets no name of a client: the token's name may be that of a client whose token it is not. The log has
     * the token's name.
     */
    private ErrorReply notInPolicy(Client caller, Call call) {
        refusedTokens.add(caller.tokenName(), call.id());
        return AccessRule.notInPolicy(caller);
    }

    private Optional<ErrorReply> byRoute(Call call) {
        var route = call.route();
        if (!route.isServed()) {
            return Optional.of(routing.nothingServed(route));
        }
        return route.serves(call.method())
                ? Optional.empty()
                : Optional.of(ErrorReply.methodNotAllowed(route.methods()));
    }
}
