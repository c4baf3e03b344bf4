package dev.warder.upstream;

import dev.warder.upstream.ServiceClient.Receiver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
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
 * Keeps the head of a response and its content; a content that is longer than a limit ends the exchange. Called by one
 * reactor thread at a time; the head can be read by any thread as soon as it has come, also if the content never ends.
 */
final class ResponseCollector implements AsyncResponseConsumer<Void> {
    private final int limit;
    private final int window;
    private final Optional<Receiver> receiver;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private volatile @Nullable HttpResponse head;
    private volatile boolean tooLong;
    private @Nullable FutureCallback<Void> end;

    /**
     * @param limit the most bytes of the content
     * @param window how many bytes the sender may send at once
     * @param receiver receives content in place of this object
     */
    ResponseCollector(int limit, int window, Optional<Receiver> receiver) {
        this.limit = limit;
        this.window = window;
        this.receiver = receiver;
    }

    /** The field {@code Content-Type}, in lower case; empty if there is none. */
    static String type(HttpResponse head) {
        var field = head.getFirstHeader("content-type");
        return field == null ? "" : field.getValue().toLowerCase(Locale.ROOT);
    }

    Optional<HttpResponse> head() {
        return Optional.ofNullable(head);
    }

    boolean isTooLong() {
        return tooLong;
    }

    /** The content, decoded as UTF-8; to be called after the exchange has ended. */
    String text() {
        return content.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void consumeResponse(
            HttpResponse response, @Nullable EntityDetails entity, HttpContext context, FutureCallback<Void> callback) {
        head = response;
        end = callback;
        if (entity == null) {
            streamEnd(null);
        }
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {}

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(window);
    }

    @Override
    public void consume(ByteBuffer piece) throws IOException {
        var begun = head;
        var taker = begun == null
                ? Optional.<Receiver>empty()
                : receiver.filter(each -> each.takes(begun.getCode(), type(begun)));
        if (taker.isEmpty() && piece.remaining() > limit - content.size()) {
            tooLong = true;
            throw new ServiceClient.TooLongException();
        }
        var bytes = new byte[piece.remaining()];
        piece.get(bytes);
        taker.ifPresentOrElse(each -> each.take(bytes), () -> content.writeBytes(bytes));
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        var callback = end;
        if (callback != null) {
            end = null;
            callback.completed(null);
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
