package dev.warder.demo;

import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.json.JsonDocuments;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/** Writes one response of the demonstration upstream; no thread waits between two deltas. One thread at a time. */
final class DemoReply {
    private final Response response;
    private final Callback callback;
    private final Scheduler scheduler;
    private final Duration gap;
    private final String requestId;

    DemoReply(Response response, Callback callback, Scheduler scheduler, Duration gap, String requestId) {
        this.response = response;
        this.callback = callback;
        this.scheduler = scheduler;
        this.gap = gap;
        this.requestId = requestId;
    }

    void write(DemoResponse demo) {
        response.getHeaders().put("request-id", requestId);
        if (demo instanceof DemoResponse.Events stream) {
            head(200, "text/event-stream; charset=utf-8");
            next(stream.events().iterator());
        } else if (demo instanceof DemoResponse.Whole whole) {
            write(200, JsonDocuments.bytes((Record) whole.document()));
        } else if (demo instanceof DemoResponse.Refused refused) {
            ErrorReply reply = refused.reply();
            reply.fields().forEach(field -> response.getHeaders().put(field.name(), field.value()));
            write(reply.status(), Dialect.ANTHROPIC.body(reply, requestId));
        }
    }

    private void head(int status, String contentType) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    }

    private void write(int status, byte[] body) {
        head(status, "application/json");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private void next(Iterator<DemoEvent> events) {
        if (!events.hasNext()) {
            response.write(true, ByteBuffer.allocate(0), callback);
            return;
        }
        DemoEvent event = events.next();
        if (event instanceof DemoEvent.BlockDelta) {
            scheduler.schedule(() -> write(event, events), gap);
        } else {
            write(event, events);
        }
    }

    // If the client has left, the write fails, and the rest of the stream is not sent.
    private void write(DemoEvent event, Iterator<DemoEvent> rest) {
        ByteBuffer bytes = ByteBuffer.wrap(event.text().getBytes(StandardCharsets.UTF_8));
        response.write(false, bytes, Callback.from(() -> next(rest), callback::failed));
    }

    /** Responds to a request that Jetty refused; a status that is not from 400 to 499 becomes an internal error. */
    void malformed(int status) {
        write(new DemoResponse.Refused(
                status >= 400 && status < 500
                        ? new ErrorReply(status, ErrorType.INVALID_REQUEST, "The request is malformed.", List.of())
                        : ErrorReply.internal()));
    }

    /** Responds to a body that could not be read or is too long. */
    void unreadable() {
        write(new DemoResponse.Refused(
                new ErrorReply(413, ErrorType.REQUEST_TOO_LARGE, "Request exceeds 32 MB.", List.of())));
    }
}
