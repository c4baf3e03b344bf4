package dev.warder.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
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

/**
 * Keeps the head of a response and discards its content, which ends the exchange if it is longer than 64 KiB. The head can be
 * read as soon as it has come, also if the content never ends. Thread-safe.
 */
final class HeadConsumer implements AsyncResponseConsumer<Void> {
    private static final long MOST = 64 << 10;

    private volatile @Nullable HttpResponse head;
    private volatile @Nullable FutureCallback<Void> end;

    /** Bytes of the content. For the thread of the reactor. */
    private long length;

    /** The final head, once it has come. */
    Optional<HttpResponse> head() {
        return Optional.ofNullable(head);
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            @Nullable EntityDetails content,
            HttpContext context,
            FutureCallback<Void> callback) {
        head = response;
        if (content == null) {
            callback.completed(null);
        } else {
            end = callback;
        }
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer content) throws IOException {
        length += content.remaining();
        content.position(content.limit());
        if (length > MOST) {
            throw new IOException("the content is too long");
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        var callback = end;
        if (callback != null) {
            callback.completed(null);
        }
    }

    @Override
    public void failed(Exception cause) {
        var callback = end;
        if (callback != null) {
            callback.failed(cause);
        }
    }

    @Override
    public void releaseResources() {}
}
