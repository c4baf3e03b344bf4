package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A response that Warder itself produces. */
public final class OwnResponse {
    /** Identifies the exchange; set on every response, Warder's own or the upstream's. */
    public static final String REQUEST_ID = "X-Warder-Request-Id";

    private OwnResponse() {}

    /**
     * Sets status and header fields for {@code reply} and returns the body, which the caller still has to write. The response
     * must not be committed. {@code sendError} is never used: it would send the container's page with its name and version.
     */
    public static byte[] head(HttpServletResponse response, ErrorReply reply, Dialect dialect, String id) {
        byte[] body = dialect.body(reply, id);
        response.setStatus(reply.status());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(REQUEST_ID, id);
        response.setHeader("request-id", id);
        if (dialect == Dialect.OPENAI) {
            response.setHeader("x-request-id", id);
        }
        reply.fields().forEach(field -> response.setHeader(field.name(), field.value()));
        return body;
    }

    /**
     * Sends {@code body} after a head that was already set, on the thread that is inside {@code service} or {@code doFilter}.
     * The request then ends by itself. This method never waits. A body that the client is still sending is discarded as it
     * arrives, so that a connection reset does not lose the response.
     */
    public static void send(HttpServletRequest request, HttpServletResponse response, byte[] body) throws IOException {
        ImmediateResponse.send(request, response, body);
    }
}
