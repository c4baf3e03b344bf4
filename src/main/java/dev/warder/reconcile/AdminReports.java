package dev.warder.reconcile;

import dev.warder.json.JsonTree;
import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.ReconcileSettings.IdKind;
import dev.warder.upstream.Outbound;
import dev.warder.upstream.ServiceClient;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads the reports of a day from the Admin API, page by page: of the usage only sums are kept, and only the ids of {@code
 * reconcile.map} are asked for one by one, so that the size of the organization does not matter. A page is asked for again after
 * 408, 429, 5xx, a timeout or a lost connection, with a back-off that doubles from 1 s, half of it random, or after the
 * response's {@code Retry-After} of at most 2 min. One thread at a time, which waits; {@link #close} from any thread.
 */
final class AdminReports implements AutoCloseable {
    /** The most bytes of a page. */
    static final int MOST_BYTES = 8 << 20;

    private static final String GROUP = "&group_by%5B%5D=";
    private static final String CELL = GROUP + "workspace_id" + GROUP + "model" + GROUP + "service_tier" + GROUP
            + "context_window" + GROUP + "inference_geo";
    private static final String USAGE = "usage_report/messages";
    private static final int MOST_PAGES = 500;
    private static final int MOST_SUMS = 50_000;
    private static final int IDS_AT_ONCE = 50;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 6;
    private static final long FIRST_MILLIS = 1000;

    private final ReconcileSettings settings;
    private final ServiceClient service;
    private final InstantSource clock;
    private final Semaphore closed;

    /** A report could not be read. The message is for operators and has no text of the service. */
    static final class ReportException extends RuntimeException {
        ReportException(String message) {
            super(message);
        }
    }

    /**
     * Opens no connection yet.
     *
     * @param outbound the way to the reports
     * @param threads makes the threads of the HTTP client
     * @param closed without a permit, on which pauses wait
     */
    AdminReports(
            ReconcileSettings settings,
            Outbound outbound,
            ThreadFactory threads,
            InstantSource clock,
            Semaphore closed) {
        this.settings = settings;
        this.service = new ServiceClient(outbound, threads, LIMIT, MOST_BYTES);
        this.clock = clock;
        this.closed = closed;
    }

    /**
     * The reports of a UTC day that has ended.
     *
     * @throws ReportException if they cannot be read completely
     */
    CostShares.DayReport read(LocalDate day) throws InterruptedException {
        var shares = new CostShares(day);
        each(shares, day, USAGE, CELL, result -> shares.addTotal(ReportPage.cell(result), ReportPage.usage(result)));
        for (var kind : IdKind.values()) {
            var ids = settings.ids(kind);
            for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
                var some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
                String filter = some.stream()
                        .map(id -> "&" + kind.member + "s%5B%5D=" + id)
                        .collect(Collectors.joining());
                each(shares, day, USAGE, CELL + GROUP + kind.member + filter, result -> {
                    String id = result.getString(kind.member, "");
                    // A report that ignored the filter would otherwise count an id several times.
                    Optional.ofNullable(settings.map().get(id))
                            .filter(name -> some.contains(id))
                            .ifPresent(name -> shares.add(ReportPage.cell(result), name, ReportPage.usage(result)));
                });
            }
        }
        String query = GROUP + "workspace_id" + GROUP + "description";
        each(shares, day, "cost_report", query, result -> shares.add(ReportPage.costLine(result)));
        release();
        return shares.report();
    }

    private void each(CostShares shares, LocalDate day, String report, String query, Consumer<JsonObject> receiver)
            throws InterruptedException {
        String url = settings.url() + "/v1/organizations/" + report + "?starting_at=" + day
                + "T00%3A00%3A00Z&ending_at=" + day.plusDays(1) + "T00%3A00%3A00Z&bucket_width=1d&limit=1" + query;
        var seen = new HashSet<String>();
        String next = "";
        for (int number = 1; number <= MOST_PAGES; number++) {
            var page = ReportPage.parse(text(URI.create(url + next)), day);
            page.results().forEach(receiver);
            if (shares.size() > MOST_SUMS) {
                throw new ReportException("the usage report has more than " + MOST_SUMS + " groups");
            }
            if (page.next().isEmpty()) {
                return;
            }
            next = "&page=" + URLEncoder.encode(page.next().get(), StandardCharsets.UTF_8);
            if (!seen.add(next)) {
                throw new ReportException("the Admin API repeats a page");
            }
        }
        throw new ReportException("a report has more than " + MOST_PAGES + " pages");
    }

    private String text(URI url) throws InterruptedException {
        var fields = Map.of(
                "x-api-key", settings.key().reveal(),
                "anthropic-version", settings.version(),
                "accept", "application/json");
        for (int attempt = 1; ; attempt++) {
            var outcome = service.get(url, fields);
            int status = outcome.status();
            if (status == 200) {
                return outcome.body();
            }
            var wait = wait(outcome, attempt);
            boolean isTemporary = status == 0 || status >= 500 || status == 408 || status == 429;
            if (!isTemporary || attempt == ATTEMPTS || wait.compareTo(LONGEST_PAUSE) > 0 || isClosedAfter(wait)) {
                throw new ReportException(
                        switch (status) {
                            case 0 -> "the Admin API " + failure(outcome);
                            case 401 -> "reconcile.key: the Admin API returned 401, so the key is wrong or was revoked";
                            case 403 ->
                                "reconcile.key: the Admin API returned 403, so the key may not read usage and cost";
                            case 404 -> "reconcile.url: returned 404, so there is no Admin API for this organization";
                            default -> "the Admin API returned " + status;
                        });
            }
        }
    }

    private static String failure(ServiceClient.Outcome lost) {
        return lost.cause()
                .map(cause -> cause instanceof ServiceClient.TooLongException
                        ? "sent a response of more than " + MOST_BYTES + " bytes"
                        : "could not be reached, or the connection was lost")
                .orElse(lost.failure());
    }

    private Duration wait(ServiceClient.Outcome outcome, int attempt) {
        // Nodes that read several days at once, and are refused together, must not all come back together.
        long whole = FIRST_MILLIS << (attempt - 1);
        var own = Duration.ofMillis(whole / 2 + ThreadLocalRandom.current().nextLong(whole / 2 + 1));
        return outcome.retryAfter()
                .from(clock.instant())
                .filter(asked -> asked.compareTo(own) > 0)
                .orElse(own);
    }

    private boolean isClosedAfter(Duration pause) throws InterruptedException {
        boolean ended = closed.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        if (ended) {
            closed.release();
        }
        return ended;
    }

    void release() {
        service.release();
    }

    @Override
    public void close() {
        closed.release();
        service.close();
    }

    /**
     * A page of a report. Immutable.
     *
     * @param results of one day
     * @param next the token of the next page; empty after the last one
     */
    record ReportPage(List<JsonObject> results, Optional<String> next) {
        private static final int CENT_DIGITS = 7;
        private static final int LONGEST_AMOUNT = 40;

        static ReportPage parse(String text, LocalDate day) {
            var page = JsonTree.parseObject(text).orElseThrow(() -> new ReportException("a page is not a JSON object"));
            if (!page.containsKey("data") || !page.containsKey("has_more")) {
                throw new ReportException("a page has no data or no has_more");
            }
            var results = JsonTree.objects(page, "data")
                    .filter(bucket -> JsonTree.text(bucket, "starting_at").startsWith(day.toString()))
                    .flatMap(bucket -> JsonTree.objects(bucket, "results"))
                    .toList();
            var next = JsonTree.findText(page, "next_page").filter(Predicate.not(String::isEmpty));
            boolean more = page.getBoolean("has_more", false);
            if (more && next.isEmpty()) {
                throw new ReportException("a page has more after it and no next_page");
            }
            return new ReportPage(results, more ? next : Optional.empty());
        }

        static CostShares.Cell cell(JsonObject result) {
            return new CostShares.Cell(
                    JsonTree.text(result, "workspace_id"),
                    JsonTree.text(result, "model"),
                    JsonTree.text(result, "service_tier"),
                    JsonTree.text(result, "context_window"),
                    JsonTree.text(result, "inference_geo"));
        }

        static Side usage(JsonObject result) {
            var writes = JsonTree.object(result, "cache_creation");
            return new Side(
                    0,
                    required(result, "uncached_input_tokens"),
                    required(writes, "ephemeral_5m_input_tokens"),
                    required(writes, "ephemeral_1h_input_tokens"),
                    required(result, "cache_read_input_tokens"),
                    required(result, "output_tokens"),
                    JsonTree.count(JsonTree.object(result, "server_tool_use"), "web_search_requests", 0));
        }

        /** A number that is missing would pass for 0, and all that was used for a difference. */
        private static long required(JsonObject object, String name) {
            long count = JsonTree.count(object, name, -1);
            if (count < 0) {
                throw new ReportException("a result of the usage report has no number " + name);
            }
            return count;
        }

        /** A result of the cost report: its amount is cents with any number of digits. */
        static CostShares.Line costLine(JsonObject result) {
            if (!JsonTree.text(result, "currency").equals("USD")) {
                throw new ReportException("an amount of the cost report is not in USD");
            }
            String type = JsonTree.text(result, "cost_type");
            String kind = JsonTree.text(result, "token_type");
            return new CostShares.Line(cell(result), type, kind, nanos(JsonTree.text(result, "amount")));
        }

        private static BigDecimal nanos(String cents) {
            if (cents.length() > LONGEST_AMOUNT || !cents.matches("-?[0-9]+(\\.[0-9]+)?")) {
                throw new ReportException("an amount of the cost report is not a decimal number");
            }
            return new BigDecimal(cents).movePointRight(CENT_DIGITS);
        }
    }
}
