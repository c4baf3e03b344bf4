package dev.warder.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * A short response to one of Warder's own requests, read completely. No text form shows the body.
 *
 * @param status the response's status code
 * @param body the content, decoded as UTF-8
 */
public record CompleteResponse(int status, String body) {
    /**
     * Sends a GET request without waiting. The future fails with {@link NoResponseException}; cancelling it ends its
     * exchange. Dependent actions run on a reactor thread, or at once.
     *
     * @param target path and query
     * @param fields the request's header fields in addition to Host
     * @param limit the most bytes of a body
     */
    public static CompletableFuture<CompleteResponse> get(
            UpstreamClient client, String target, Map<String, String> fields, int limit) {
        var request = new BasicHttpRequest("GET", client.host(), target);
        fields.forEach(request::addHeader);
        var collector = new ResponseCollector(limit);
        var exchange = client.execute(false, new BasicRequestProducer(request, null), collector, collector);
        var response = collector.response();
        var unused = response.whenComplete((whole, failure) -> {
            if (failure != null) {
                exchange.cancel();
            }
        });
        return response;
    }

    @Override
    public String toString() {
        return "CompleteResponse[" + status + "]";
    }

    /** Collects a whole response, up to a limit. Called by one reactor thread at a time. */
    private static final class ResponseCollector implements AsyncResponseConsumer<Void>, FutureCallback<Void> {
        private final int limit;
        private final CompletableFuture<CompleteResponse> response = new CompletableFuture<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;
        private @Nullable FutureCallback<Void> finished;

        ResponseCollector(int limit) {
            this.limit = limit;
        }

        CompletableFuture<CompleteResponse> response() {
            return response;
        }

        @Override
        public void consumeResponse(
                HttpResponse response,
                @Nullable EntityDetails content,
                HttpContext context,
                FutureCallback<Void> done) {
            status = response.getCode();
            finished = done;
            if (content == null) {
                streamEnd(List.of());
            }
        }

        @Override
        public void informationResponse(HttpResponse notNeeded, HttpContext context) {}

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            channel.update(limit);
        }

        @Override
        public void consume(ByteBuffer piece) throws IOException {
            if (piece.remaining() > limit - body.size()) {
                var tooLong = NoResponseException.tooLong(limit);
                response.completeExceptionally(tooLong);
                throw tooLong;
            }
            var bytes = new byte[piece.remaining()];
            piece.get(bytes);
            body.writeBytes(bytes);
        }

        @Override
        public void streamEnd(@Nullable List<? extends Header> trailers) {
            response.complete(new CompleteResponse(status, body.toString(StandardCharsets.UTF_8)));
            var done = finished;
            if (done != null) {
                finished = null;
                done.completed(null);
            }
        }

        @Override
        public void failed(Exception cause) {
            response.completeExceptionally(NoResponseException.of(cause));
        }

        @Override
        public void completed(@Nullable Void nothing) {}

        @Override
        public void cancelled() {
            response.cancel(false);
        }

        @Override
        public void releaseResources() {}
    }
}
