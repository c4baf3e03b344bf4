package dev.warder.proxy;

import dev.warder.http.AccessLine.End;
import dev.warder.http.ErrorReply;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/**
 * What a failed call means to the client. The words name no host and no class.
 *
 * @param reply the error to tell
 * @param end how the exchange ended
 */
record UpstreamFailure(ErrorReply reply, End end) {
    static UpstreamFailure of(Exception cause) {
        if (cause instanceof InterruptedIOException) {
            return new UpstreamFailure(ErrorReply.timeout("The upstream could not be reached in time."), End.TIMEOUT);
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
        return new UpstreamFailure(ErrorReply.badGateway(message), End.UPSTREAM_LOST);
    }
}
