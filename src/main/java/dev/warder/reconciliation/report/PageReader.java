package dev.warder.reconciliation.report;

import dev.warder.credential.RetryAfter;
import dev.warder.upstream.DocumentReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/**
 * Reads pages of the Admin API. A page is asked for again after 408, 429, 5xx, a timeout or a lost connection, with a back-off
 * that doubles from 1 s, or after the response's {@code Retry-After} of at most 2 min. One thread at a time, which waits; {@link
 * #close} from any thread.
 */
final class PageReader implements AutoCloseable {
    /** The most bytes of a page. */
    static final int MOST_BYTES = 8 << 20;

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 6;
    private static final long FIRST_MILLIS = 1000;

    private final AdminApi api;
    private final DocumentReader documents;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Pause pause;

    /** Waits between two attempts. */
    @FunctionalInterface
    interface Pause {
        /** Returns false if nothing more may be read. */
        boolean await(Duration time) throws InterruptedException;
    }

    PageReader(AdminApi api, ThreadFactory threads, InstantSource clock, RandomGenerator random, Pause pause) {
        this.api = api;
        this.documents = new DocumentReader(threads, LIMIT, MOST_BYTES);
        this.clock = clock;
        this.random = random;
        this.pause = pause;
    }

    /** The text of a page. */
    String read(ReportQuery query, Optional<String> page) throws ReportException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            var outcome = documents.get(query.url(api.url(), page), fields());
            int status = outcome.status();
            if (status == 200) {
                return outcome.body();
            }
            if (status != 0 && !isTemporary(status)) {
                throw refused(status);
            }
            var wait = wait(outcome, attempt);
            String failure = status == 0 ? outcome.failure() : "returned " + status;
            if (attempt == ATTEMPTS || wait.compareTo(LONGEST_PAUSE) > 0 || !pause.await(wait)) {
                throw ReportException.of("the Admin API " + failure);
            }
        }
    }

    private Map<String, String> fields() {
        return Map.of(
                "x-api-key", api.secret().reveal(),
                "anthropic-version", api.version(),
                "accept", "application/json");
    }

    private static boolean isTemporary(int status) {
        return status >= 500 || status == 408 || status == 429;
    }

    private static ReportException refused(int status) {
        return switch (status) {
            case 401 ->
                ReportException.refused(
                        "reconcile.key: the Admin API returned 401, so the key is wrong or was revoked");
            case 403 ->
                ReportException.refused(
                        "reconcile.key: the Admin API returned 403, so the key may not read usage and cost");
            case 404 ->
                ReportException.refused("reconcile.url: returned 404, so there is no Admin API for this organization");
            default -> ReportException.of("the Admin API returned " + status);
        };
    }

    private Duration wait(DocumentReader.Outcome outcome, int attempt) {
        long whole = FIRST_MILLIS << (attempt - 1);
        var own = Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
        return outcome.retryAfter()
                .flatMap(field -> RetryAfter.parse(field, clock.instant()))
                .filter(asked -> asked.compareTo(own) > 0)
                .orElse(own);
    }

    /** Closes the connection until the next page. */
    void release() {
        documents.release();
    }

    @Override
    public void close() {
        documents.close();
    }
}
