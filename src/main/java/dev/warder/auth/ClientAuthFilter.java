package dev.warder.auth;

import dev.warder.config.WarderConfig;
import dev.warder.http.AccessLine;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnAnswer;
import dev.warder.http.Readiness;
import dev.warder.http.RequestId;
import dev.warder.http.RequestTarget;
import dev.warder.http.Routing;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first filter: gives every request its id, lets its caller in or refuses it, and catches whatever is thrown behind
 * it, so that no container answers with a page of its own. Puts {@link Call}, {@link Client} and {@link OwnCredential} on
 * the request. Thread-safe.
 */
public final class ClientAuthFilter extends HttpFilter {
    private static final Logger LOG = LoggerFactory.getLogger(ClientAuthFilter.class);

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoTime;
    private Routing routing = new Routing(true);
    private @Nullable Doorkeeper doorkeeper;

    /** For the container. */
    public ClientAuthFilter() {
        this.nanoTime = System::nanoTime;
    }

    ClientAuthFilter(Doorkeeper doorkeeper, LongSupplier nanoTime) {
        this.doorkeeper = doorkeeper;
        this.nanoTime = nanoTime;
    }

    @Override
    public void init() {
        var application = getServletContext();
        var config = Attributes.get(application, WarderConfig.class);
        routing = new Routing(config.openAi().enabled());
        doorkeeper = new Doorkeeper(
                routing,
                config.clients(),
                Attributes.get(application, ClientDirectory.class),
                Attributes.get(application, Readiness.class));
    }

    /** Whichever filter the container destroys first, see {@link Readiness#takeDown(jakarta.servlet.ServletContext)}. */
    @Override
    public void destroy() {
        Readiness.takeDown(getServletContext());
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String id = RequestId.next(random);
        String context = request.getServletContext().getContextPath();
        var target =
                RequestTarget.parse(request.getRequestURI(), Optional.ofNullable(request.getQueryString()), context);
        var call = target.map(clear -> Call.of(id, request.getMethod(), clear, routing.of(request, clear), nanoTime))
                .orElseGet(() -> Call.ambiguous(id, request.getMethod(), below(context, request), nanoTime));
        Attributes.put(request, Call.class, call);
        door().entered();
        try {
            var refusal = target.isEmpty() ? Optional.of(ambiguous()) : door().refusal(request, call);
            if (refusal.isPresent()) {
                call.refuse(request, response, refusal.get());
            } else {
                chain.doFilter(request, response);
            }
        } catch (VirtualMachineError dying) {
            throw dying;
        } catch (IOException clientGone) {
            LOG.debug("request {} lost its client", id, clientGone);
            call.line().end(AccessLine.End.CLIENT_GONE, 0);
            throw clientGone;
        } catch (Throwable fault) {
            answer(request, response, call, fault);
        } finally {
            door().left();
        }
    }

    private Doorkeeper door() {
        return Objects.requireNonNull(doorkeeper, "init has not run");
    }

    private static String below(String context, HttpServletRequest request) {
        String uri = request.getRequestURI();
        return uri.startsWith(context) ? uri.substring(context.length()) : uri;
    }

    private static ErrorReply ambiguous() {
        return ErrorReply.invalidRequest(
                "The request's path or query is ambiguous: it holds a character, an escape or a"
                        + " segment that has no place here.");
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, Call call, Throwable fault)
            throws IOException, ServletException {
        var reply = door().failure(fault);
        if (reply.equals(Doorkeeper.STOPPING)) {
            LOG.debug("request {} came while the application was taken down", call.id(), fault);
        } else {
            LOG.error("request {} failed", call.id(), fault);
        }
        if (request.isAsyncStarted()) {
            // The container tells the exchange's AsyncListener, which alone may touch this response now.
            // The fault itself stays in the log, since containers show a message that they catch.
            throw new ServletException("request " + call.id() + " failed");
        }
        if (response.isCommitted()) {
            call.line().end(AccessLine.End.ERROR, 0);
            return;
        }
        response.reset();
        byte[] body = OwnAnswer.head(response, reply, call.dialect(), call.id());
        call.line().status(reply.status());
        call.line().end(AccessLine.End.ERROR, body.length);
        OwnAnswer.send(request, response, body);
    }
}
