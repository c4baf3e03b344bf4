package dev.warder.observe;

import dev.warder.credential.RetryAfter;
import dev.warder.http.Field;
import dev.warder.upstream.ServiceClient;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * Sends one message at a time to the collector, over a connection that is kept until {@link #release}. One thread at a time,
 * which waits up to 10 s; {@link #close} from any thread.
 */
final class OtlpSender implements AutoCloseable {
    static final String PROTOBUF = "application/x-protobuf";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ServiceClient service;
    private final InstantSource clock;

    /** @param threads makes the threads of the HTTP client */
    OtlpSender(ThreadFactory threads, InstantSource clock) {
        this.service = new ServiceClient(threads, LIMIT, ServiceClient.SHORT);
        this.clock = clock;
    }

    /**
     * The outcome of sending.
     *
     * @param failure a text for operators; empty if the collector has accepted the message
     * @param mayRetry whether OTLP permits to send the message again
     * @param retryAfter when, if the collector names a time
     */
    record Outcome(String failure, boolean mayRetry, Optional<Duration> retryAfter) {
        static final Outcome SENT = new Outcome("", false, Optional.empty());

        static Outcome lost(String failure) {
            return new Outcome(failure, true, Optional.empty());
        }

        boolean isSent() {
            return failure.isEmpty();
        }
    }

    /** Sends and waits for the response. Throws nothing but errors. */
    Outcome post(URI url, List<Field> fields, String type, byte[] message) {
        var named = new LinkedHashMap<String, String>();
        fields.forEach(field -> named.put(field.name(), field.value()));
        var outcome = service.send(url, named, type, message);
        return outcome.failure().isEmpty() ? outcome(outcome) : Outcome.lost(outcome.failure());
    }

    void release() {
        service.release();
    }

    @Override
    public void close() {
        service.close();
    }

    private Outcome outcome(ServiceClient.Outcome response) {
        int status = response.status();
        return switch (status) {
            case 429, 502, 503, 504 -> new Outcome("returned " + status, true, retryAfter(response));
            default ->
                status >= 200 && status < 300
                        ? Outcome.SENT
                        : new Outcome("returned " + status, false, Optional.empty());
        };
    }

    private Optional<Duration> retryAfter(ServiceClient.Outcome response) {
        return response.retryAfter()
                .flatMap(value -> RetryAfter.parse(value, clock.instant()))
                .filter(wait -> !wait.isNegative());
    }
}
