package dev.warder.upstream;

import dev.warder.http.Field;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
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
            UpstreamClient.Origin origin, String target, List<Field> fields, int limit) {
        var request = new BasicHttpRequest("GET", origin.host(), target);
        fields.forEach(field -> request.addHeader(field.name(), field.value()));
        var collector = new ResponseCollector(limit, limit, Optional.empty());
        var response = new CompletableFuture<CompleteResponse>();
        var exchange =
                origin.execute(false, new BasicRequestProducer(request, null), collector, new FutureCallback<>() {
                    @Override
                    public void completed(@Nullable Void nothing) {
                        int status = collector.head().map(HttpResponse::getCode).orElse(0);
                        response.complete(new CompleteResponse(status, collector.text()));
                    }

                    @Override
                    public void failed(Exception cause) {
                        response.completeExceptionally(
                                collector.isTooLong()
                                        ? NoResponseException.tooLong(limit)
                                        : NoResponseException.of(cause));
                    }

                    @Override
                    public void cancelled() {
                        response.cancel(false);
                    }
                });
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
}
