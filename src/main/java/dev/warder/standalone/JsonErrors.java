package dev.warder.standalone;

import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.RequestId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Writes Jetty's own refusals in the API's error format: a malformed request head, a head that is too long, a path outside the
 * application. A response contains nothing of the request and nothing of the cause. Thread-safe.
 */
final class JsonErrors implements Request.Handler {
    private final RandomGenerator random;

    JsonErrors(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        ErrorReply reply = reply(response.getStatus());
        String id = RequestId.next(random);
        byte[] body = Dialect.ANTHROPIC.body(reply, id);
        response.setStatus(reply.status());
        response.getHeaders()
                .put(HttpHeader.CONTENT_TYPE, "application/json")
                .put(HttpHeader.CONTENT_LENGTH, body.length)
                .put(HttpHeader.CACHE_CONTROL, "no-store")
                .put("request-id", id)
                .put("X-Warder-Request-Id", id);
        reply.fields().forEach(field -> response.getHeaders().put(field.name(), field.value()));
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }

    static ErrorReply reply(int status) {
        return switch (status) {
            case 401 -> ErrorReply.unauthenticated("The request is not authenticated.");
            case 403 -> ErrorReply.forbidden("This is not permitted.");
            case 404 -> ErrorReply.notFound();
            case 405 -> invalid(status, "The method is not supported on this path.");
            case 408 -> invalid(status, "The request took too long to arrive.");
            case 413 -> ErrorReply.tooLarge("The request is too large.");
            case 414 -> invalid(status, "The request target is too long.");
            case 415 -> invalid(status, "The format of the request body is not supported.");
            case 431 -> invalid(status, "The request has more than 32 KiB or 100 header fields.");
            case 501 -> invalid(status, "Transfer-Encoding must be chunked.");
            case 503 -> ErrorReply.overloaded("The gateway is not available.", 1);
            default -> status >= 400 && status < 500 ? invalid(status, "The request is malformed.") : fault(status);
        };
    }

    private static ErrorReply invalid(int status, String message) {
        return new ErrorReply(status, ErrorType.INVALID_REQUEST, message, List.of());
    }

    private static ErrorReply fault(int status) {
        ErrorReply internal = ErrorReply.internal();
        return status < 500 ? internal : new ErrorReply(status, internal.type(), internal.message(), internal.fields());
    }
}
