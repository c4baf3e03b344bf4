package dev.warder.proxy;

import dev.warder.http.ErrorReply;
import dev.warder.record.RequestEnd;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/**
 * Why an exchange could not be served, as the client and the log are told. The words name no host and no class.
 *
 * @param reply the error to send
 * @param end how the exchange ended
 * @param lost whether the upstream or the way to it failed
 */
record Failure(ErrorReply reply, RequestEnd end, boolean lost) {
    /** A failure of anything but the way to the upstream. */
    Failure(ErrorReply reply, RequestEnd end) {
        this(reply, end, false);
    }

    static Failure of(Exception cause) {
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
            message = "No secure connection to the upstream could be made.";
        } else {
            message = "The connection to the upstream was lost.";
        }
        return new Failure(ErrorReply.badGateway(message), RequestEnd.UPSTREAM_LOST, cause instanceof IOException);
    }
}
