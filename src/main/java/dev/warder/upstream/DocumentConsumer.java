package dev.warder.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Keeps the head of a response and its content, which fails if it is longer than a limit. For the thread of the reactor. */
final class DocumentConsumer implements AsyncResponseConsumer<DocumentReader.Outcome> {
    private final int limit;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private int status;
    private Optional<String> retryAfter = Optional.empty();
    private @Nullable FutureCallback<DocumentReader.Outcome> end;

    /** @param limit the most bytes of the content */
    DocumentConsumer(int limit) {
        this.limit = limit;
    }

    /** The content is longer than the limit. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1;
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails entity,
            HttpContext context,
            FutureCallback<DocumentReader.Outcome> callback) {
        status = response.getCode();
        retryAfter = Optional.ofNullable(response.getFirstHeader("retry-after"))
                .map(field -> field.getValue().strip());
        end = callback;
        if (entity == null) {
            streamEnd(null);
        }
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer piece) throws IOException {
        if (piece.remaining() > limit - content.size()) {
            throw new TooLongException();
        }
        var bytes = new byte[piece.remaining()];
        piece.get(bytes);
        content.writeBytes(bytes);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        var callback = end;
        if (callback != null) {
            end = null;
            callback.completed(
                    new DocumentReader.Outcome(status, retryAfter, content.toString(StandardCharsets.UTF_8), ""));
        }
    }

    @Override
    public void failed(Exception cause) {
        var callback = end;
        if (callback != null) {
            end = null;
            callback.failed(cause);
        }
    }

    @Override
    public void releaseResources() {}
}
