package dev.warder.exchange.down;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.record.RequestEnd;
import dev.warder.upstream.CompleteResponse.NoResponseException;
import dev.warder.upstream.Outbound.ProxyException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * Why an exchange could not be served, as the client and the log receive it. The text names no host and no class.
 *
 * @param reply the error to send
 * @param end how the exchange ended
 * @param lost whether the upstream or the way to it failed
 */
public record Failure(ErrorReply reply, RequestEnd end, boolean lost) {
    /** Made once: an exchange that ends for lack of memory allocates nothing for it. */
    private static final Map<RequestEnd, Failure> INTERNAL =
            new EnumMap<RequestEnd, Failure>(Arrays.stream(RequestEnd.values())
                    .collect(Collectors.toMap(end -> end, end -> new Failure(ErrorReply.internal(), end))));

    public Failure(ErrorReply reply, RequestEnd end) {
        this(reply, end, false);
    }

    /** A meter cuts the request: because a budget is spent, or because of another rule. */
    public static Failure cut(ErrorReply reply) {
        return new Failure(reply, reply.type() == ErrorType.BILLING ? RequestEnd.BUDGET : RequestEnd.REFUSED);
    }

    public static Failure internal(RequestEnd end) {
        return Objects.requireNonNull(INTERNAL.get(end));
    }

    public static Failure of(Exception cause) {
        if (cause instanceof ProxyException proxy) {
            String text = "No connection to the upstream: " + proxy.words() + ".";
            return proxy.isLate()
                    ? new Failure(ErrorReply.timeout(text), RequestEnd.TIMEOUT, true)
                    : new Failure(ErrorReply.badGateway(text), RequestEnd.UPSTREAM_LOST, true);
        }
        if (cause instanceof InterruptedIOException) {
            return new Failure(
                    ErrorReply.timeout("The upstream could not be reached in time."), RequestEnd.TIMEOUT, true);
        }
        String message;
        if (cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException) {
            message = "The upstream could not be reached.";
        } else if (cause instanceof SSLException) {
            message =
                    "No secure connection to the upstream could be made" + NoResponseException.ifUntrusted(cause) + ".";
        } else {
            message = "The connection to the upstream was lost.";
        }
        return new Failure(ErrorReply.badGateway(message), RequestEnd.UPSTREAM_LOST, cause instanceof IOException);
    }
}
