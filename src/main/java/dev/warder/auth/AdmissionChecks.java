package dev.warder.auth;

import dev.warder.auth.AdmissionRule.CallerAdmission;
import dev.warder.config.Network;
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
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes all checks that are possible before a body is read, in the order of the refusals. Thread-safe. */
public final class AdmissionChecks {
    private static final Logger LOG = LoggerFactory.getLogger(AdmissionChecks.class);

    /** Digits and dots cannot be a name, because no top-level domain is a number (RFC 1123, section 2.1). */
    private static final Pattern LITERAL_OR_LOCALHOST =
            Pattern.compile("(localhost|[0-9]+(\\.[0-9]+){3}|\\[[0-9a-f:.]+])(:[0-9]*)?");

    /** The response to requests that arrive while the container takes the application down. */
    static final ErrorReply STOPPING = ErrorReply.stopping();

    private static final int RETRY_AFTER_DRAINING = 5;

    private final AdmissionRule rule;
    private final ClientDirectory directory;
    private final ClientCertificates certificates;
    final Routing routing;
    final Readiness readiness;
    private final RefusalLog refusedTokens = new RefusalLog(System::nanoTime);
    /** Its own: strangers can have certificates of any name. */
    private final RefusalLog refusedCertificates = new RefusalLog(System::nanoTime);

    public AdmissionChecks(Routing routing, ClientSettings clients, ClientDirectory directory, Readiness readiness) {
        this.routing = routing;
        this.directory = directory;
        this.certificates = clients.certificates();
        this.rule = new AdmissionRule(directory, clients.open(), clients.header());
        this.readiness = readiness;
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
            return routing.refusal(request, call.route());
        }
        var unready = unready();
        if (unready.isPresent() || call.route().isPublic(call.method())) {
            return unready;
        }
        var unsafe = malformed(request);
        if (unsafe.isEmpty() && rule.open()) {
            unsafe = refusalOfPage(request);
        }
        return unsafe.isPresent() ? unsafe : notAdmitted(request, record);
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
            return routing.refusal(request, record.call().route()).or(() -> unread);
        }
        var certificate = certificates.of(request);
        var admission = rule.decide(PresentedTokens.of(request, rule.header()), certificate);
        if (admission instanceof CallerAdmission.Admitted admitted) {
            var call = record.call();
            var outdated = directory.refusalIfOutdated();
            if (outdated.isPresent()) {
                return routing.refusal(request, call.route()).or(() -> outdated);
            }
            var known = directory.inPolicy(admitted.client());
            if (known.isEmpty()) {
                return routing.refusal(request, call.route())
                        .or(() -> Optional.of(notInPolicy(admitted.client(), call)));
            }
            var client = known.get();
            var certified = certificate.client().flatMap(directory::inPolicy);
            var unusable = certificates.refused(certificate, certified, client);
            if (unusable.isPresent()) {
                log(unusable.get());
                return unusable.map(each -> ErrorReply.challenge(each.problem() + "."));
            }
            Attributes.put(request, Caller.class, client);
            Attributes.put(request, Client.class, client);
            Attributes.put(request, PresentedToken.class, admitted.token());
            Attributes.put(request, OwnCredential.class, admitted.own());
            record.client(client.name());
            var refusal = routing.refusal(request, call.route());
            if (refusal.isEmpty()) {
                refusal = inAddress(admitted.token(), record);
            }
            if (refusal.isEmpty()) {
                refusal = AccessRule.refusalFrom(String.valueOf(request.getRemoteAddr()), client);
            }
            return refusal.isPresent() ? refusal : AccessRule.refusal(call, client);
        }
        var refusal = (CallerAdmission.Refused) admission;
        if (refusal.unidentified()) {
            log(certificate);
        }
        return Optional.of(refusal.reply());
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
    private ErrorReply notInPolicy(Client client, Call call) {
        String proof = client.proof();
        refusedTokens.add(
                proof, "policy.file: the " + proof + " belongs to no client, request " + call.id() + " gets 403");
        return AccessRule.notInPolicy(client);
    }

    /** Logs why the certificate of a caller that was refused could not be used, if it has one, or should have. */
    private void log(ClientCertificates.Presented certificate) {
        if (!certificate.problem().isEmpty()) {
            String detail = certificate.detail().get();
            String line = "auth.certificate: " + certificate.problem() + " (" + detail + ")";
            LOG.debug(line);
            refusedCertificates.add(line, line);
        }
    }

    /**
     * Refuses a request of a web page if every caller on this machine is admitted ({@code clients.open}). A page whose host name was
     * rebound to a loopback address sends that name as {@code Host}; a page of another site sends its {@code Origin}. Only
     * connections that arrive on a loopback address are checked.
     */
    private static Optional<ErrorReply> refusalOfPage(HttpServletRequest request) {
        String address = request.getLocalAddr();
        if (address == null || !Network.isLoopback(address)) {
            return Optional.empty();
        }
        List<String> hosts = values(request, "host");
        if (!hosts.stream().allMatch(host -> LITERAL_OR_LOCALHOST.matcher(host).matches())) {
            return Optional.of(
                    ErrorReply.forbidden("With clients.open on a loopback address, Host must be an IP address"
                            + " or localhost. Configure access tokens to serve other names."));
        }
        boolean ownPages =
                values(request, "origin").stream().allMatch(origin -> isOf(origin, hosts, request.getScheme()));
        return ownPages
                ? Optional.empty()
                : Optional.of(ErrorReply.forbidden("With clients.open on a loopback address, pages of other origins may"
                        + " not call. Configure access tokens to serve them."));
    }

    private static boolean isOf(String origin, List<String> hosts, String scheme) {
        return hosts.stream()
                .anyMatch(host -> withPort(origin).equals(withPort(scheme.toLowerCase(Locale.ROOT) + "://" + host)));
    }

    private static String withPort(String origin) {
        int end = origin.length() - (origin.endsWith(":") ? 1 : 0);
        String plain = origin.substring(0, end);
        if (plain.matches(".*:[0-9]+")) {
            return plain;
        }
        return plain + (plain.startsWith("https:") ? ":443" : ":80");
    }

    /**
     * An HTTP/2 request may have an authority and no {@code Host} field; containers return the authority as the
     * server's name.
     */
    private static List<String> values(HttpServletRequest request, String name) {
        var lines = request.getHeaders(name);
        List<String> values = lines == null
                ? List.of()
                : Collections.list(lines).stream()
                        .map(value -> value.strip().toLowerCase(Locale.ROOT))
                        .toList();
        return values.isEmpty() && name.equals("host") ? List.of(authority(request)) : values;
    }

    private static String authority(HttpServletRequest request) {
        String name = request.getServerName().toLowerCase(Locale.ROOT);
        boolean bare = name.indexOf(':') >= 0 && !name.startsWith("[");
        return (bare ? "[" + name + "]" : name) + ":" + request.getServerPort();
    }
}
