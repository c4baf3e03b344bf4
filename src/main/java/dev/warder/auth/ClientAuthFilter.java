package dev.warder.auth;

import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.GatewayFilter;
import dev.warder.http.OwnResponse;
import dev.warder.http.RequestId;
import dev.warder.http.RequestId.IdRandom;
import dev.warder.http.RequestTarget;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestObservers;
import dev.warder.record.RequestRecord;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first filter. It gives every request its id, and admits or refuses its caller. It catches exceptions of later filters and
 * servlets, so that no container responds with its own page. It puts {@link Call}, {@link Client} and {@link OwnCredential} on
 * the request. Thread-safe.
 */
public final class ClientAuthFilter extends GatewayFilter<ClientAuthFilter.Parts> {
    private static final Logger LOG = LoggerFactory.getLogger(ClientAuthFilter.class);

    private final IdRandom random = new IdRandom();

    public record Parts(AdmissionChecks checks, RequestObservers observers) {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var checks = parts().checks;
        String id = RequestId.next(random);
        String context = request.getServletContext().getContextPath();
        var target =
                RequestTarget.parse(request.getRequestURI(), Optional.ofNullable(request.getQueryString()), context);
        String path = target.isPresent() ? target.get().path() : below(context, request);
        var call = target.isPresent()
                ? new Call(id, request.getMethod(), target.get(), checks.routing.of(request, target.get()))
                : Call.ambiguous(id, request.getMethod(), path);
        var record = new RequestRecord(call, path, parts().observers, System::nanoTime);
        if (PresentedToken.NONE.isInAddress(path)) {
            record.hidePath();
        }
        checks.readiness.entered();
        try {
            Attributes.put(request, Call.class, call);
            Attributes.put(request, RequestRecord.class, record);
            var refusal = target.isEmpty() ? Optional.of(ambiguous()) : checks.refusal(request, record);
            if (refusal.isPresent()) {
                record.refuse(request, response, refusal.get());
            } else {
                chain.doFilter(request, response);
            }
        } catch (VirtualMachineError dying) {
            throw dying;
        } catch (IOException clientGone) {
            LOG.debug("request {} lost its client", id, clientGone);
            record.end(RequestEnd.CLIENT_GONE, 0);
            throw clientGone;
        } catch (Throwable fault) {
            fail(request, response, record, fault);
        } finally {
            try {
                endUnlessAsync(request, record);
            } finally {
                checks.readiness.left();
            }
        }
    }

    private static String below(String context, HttpServletRequest request) {
        String uri = request.getRequestURI();
        return uri.startsWith(context) ? uri.substring(context.length()) : uri;
    }

    private static ErrorReply ambiguous() {
        return ErrorReply.invalidRequest(
                "The request's path or query is ambiguous: it contains a character, an escape or a"
                        + " segment that is not allowed.");
    }

    /** Ends the record if a container has responded instead of a servlet, unless the request is asynchronous. */
    private static void endUnlessAsync(HttpServletRequest request, RequestRecord record) {
        if (!record.hasEnded() && !request.isAsyncStarted()) {
            record.end(RequestEnd.ERROR, 0);
        }
    }

    private void fail(HttpServletRequest request, HttpServletResponse response, RequestRecord record, Throwable fault)
            throws IOException, ServletException {
        var call = record.call();
        var reply = parts().checks.failure(fault);
        if (reply.equals(AdmissionChecks.STOPPING)) {
            LOG.debug("request {} came while the application was taken down", call.id(), fault);
        } else {
            LOG.error("request {} failed", call.id(), fault);
        }
        if (request.isAsyncStarted()) {
            // The container notifies the exchange's AsyncListener; only that may use this response now. The exception
            // has no message or cause of the fault, since containers show the message of an exception that they catch.
            throw new ServletException("request " + call.id() + " failed");
        }
        if (response.isCommitted()) {
            record.end(RequestEnd.ERROR, 0);
            return;
        }
        record.status(reply.status());
        record.error(reply);
        response.reset();
        byte[] body = OwnResponse.head(response, reply, call.dialect(), call.id());
        record.end(RequestEnd.ERROR, body.length);
        OwnResponse.send(request, response, body);
    }
}
