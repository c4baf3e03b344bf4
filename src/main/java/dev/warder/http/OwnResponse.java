package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** A response that Warder itself produces. */
public final class OwnResponse {
    /** Identifies the exchange; set on every response, Warder's own or the upstream's. */
    public static final String REQUEST_ID = "X-Warder-Request-Id";

    /**
     * The time for which the body of a request is dropped (RFC 9112, section 9.6), and may be written to, if its caller is
     * not known or if its response has no length: then a client that has stopped sending waits for the end.
     */
    private static final long MILLIS_OF_STRANGERS = 2_000;

    private OwnResponse() {}

    /**
     * Sets status and header fields for {@code reply} and returns the body, which the caller still has to write. The caller
     * also announces its length, where it may: a length that was set is never taken back, since Grizzly then sends chunks to
     * clients of HTTP/1.0 too. The response must not be committed. {@code sendError} is never used: it would send the container's page with its name and version.
     */
    public static byte[] head(HttpServletResponse response, ErrorReply reply, Dialect dialect, String id) {
        byte[] body = dialect.body(reply, id);
        response.setStatus(reply.status());
        response.setContentType("application/json");
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
     * Sends {@code body} after a head that was already set, except for its length, on the thread that is inside {@code service} or {@code doFilter}.
     * The request then ends by itself. This method never waits. A body that the client is still sending is discarded as it
     * arrives, so that a connection reset does not lose the response.
     *
     * <p>A client that sent {@code Expect: 100-continue} does not need a 100 response (RFC 9110, section 10.1.1). Jetty sends
     * one when the input stream is opened before the response head is sent. The stream is therefore opened afterwards; it must
     * be opened, because a client may send its body without waiting.
     */
    public static void send(HttpServletRequest request, HttpServletResponse response, byte[] body) throws IOException {
        var out = response.getOutputStream();
        if (!request.isAsyncSupported()) {
            response.setContentLength(body.length);
            out.write(body);
            return;
        }
        boolean reads = SmallBody.isSent(request);
        var tools = RequestTools.of(request);
        var container = tools.container();
        boolean atOnce = reads && container.holdsShortResponses();
        boolean readsLater = atOnce || reads && request.getHeader("expect") != null;
        boolean unmeasured = reads && container.closesInputAtLength();
        if (!unmeasured) {
            response.setContentLength(body.length);
        }
        String id = String.valueOf(response.getHeader(REQUEST_ID));
        var async = AsyncResponse.of(tools, request, response, id, end -> {}, reads ? 2 : 1);
        var reply = new ImmediateResponse(request, body, readsLater, async);
        try {
            // A gateway that is about to stop refuses clients before it knows them.
            boolean known = Attributes.find(request, Caller.class).isPresent();
            boolean failed = response.getStatus() >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
            async.listen(container, (known || failed) && !unmeasured ? AsyncResponse.MILLIS : MILLIS_OF_STRANGERS);
            if (atOnce) {
                out.write(body);
                out.close();
                async.written(reply);
            } else {
                async.sendWhenPossible(reply);
            }
            if (reads && !readsLater) {
                reply.dropRequestBody();
            }
        } catch (Throwable fault) {
            async.fail(fault);
            throw fault;
        }
    }

    /**
     * A response that is known inside {@code service}, and whose end the sender has already recorded. It is written while
     * the request's body is read and discarded, regardless of the fate of that body. Thread-safe.
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record ImmediateResponse(
            HttpServletRequest request, byte[] body, boolean readsLater, AsyncResponse response)
            implements AsyncReply, SmallBody.Reader {
        private static final long MOST_DROPPED = 64L * 1024 * 1024;

        @Override
        public void head(HttpServletResponse sent) {}

        @Override
        public void written() throws IOException {
            if (readsLater) {
                dropRequestBody();
            }
        }

        private void dropRequestBody() throws IOException {
            SmallBody.read(request, response.reading(), MOST_DROPPED, this);
        }

        @Override
        public boolean keeps(long length) {
            return false;
        }

        @Override
        public void read(Optional<byte[]> nothing) {
            response.endPart();
        }

        @Override
        public void lost(Throwable brokenOff) {
            response.endPart();
        }
    }
}
