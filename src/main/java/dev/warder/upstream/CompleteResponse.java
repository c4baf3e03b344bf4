package dev.warder.upstream;

import dev.warder.http.Field;
import dev.warder.upstream.Outbound.ProxyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.SignatureException;
import java.security.cert.CertPathBuilderException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
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
            UpstreamClient.Sender origin, String target, List<Field> fields, int limit) {
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

    /**
     * No complete response arrived. The message gives the reason in Warder's own words, for the place after the words
     * {@code the upstream}.
     */
    public static final class NoResponseException extends IOException {
        private NoResponseException(String message) {
            super(message);
        }

        static NoResponseException tooLong(int limit) {
            return new NoResponseException("returned more than " + limit + " bytes");
        }

        /** Made without the cause, whose message could contain text from the upstream. */
        static NoResponseException of(Exception cause) {
            return new NoResponseException("could not be asked: " + words(cause));
        }

        /** Why no connection was made or kept, without text of the other side. */
        public static String words(Throwable cause) {
            if (cause instanceof ProxyException proxy) {
                return proxy.words();
            }
            if (cause instanceof UnknownHostException) {
                return "its host is not known";
            }
            if (cause instanceof SSLException) {
                return "the TLS handshake failed" + ifUntrusted(cause);
            }
            if (cause instanceof ConnectException || cause instanceof ConnectTimeoutException) {
                return "no connection";
            }
            return "the connection was lost or the response is no HTTP";
        }

        /** Text to end a message with; empty unless the other side's certificate is of no known authority. */
        public static String ifUntrusted(Throwable cause) {
            return Stream.iterate(cause, Objects::nonNull, Throwable::getCause)
                            .anyMatch(each ->
                                    each instanceof CertPathBuilderException || each instanceof SignatureException)
                    ? ": its certificate is of no known authority, see upstream.truststore"
                    : "";
        }
    }
}
