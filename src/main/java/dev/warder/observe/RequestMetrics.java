package dev.warder.observe;

import dev.warder.record.CompletedRequest;
import dev.warder.record.CompletedTry;
import dev.warder.record.RequestObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Counts each completed request and its tries. Thread-safe; it never waits for anything. */
final class RequestMetrics implements RequestObserver {
    /** From a small response to the longest that clients wait for. */
    private static final List<Duration> TIMES = Stream.of(
                    100, 250, 500, 1000, 2500, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000)
            .map(Duration::ofMillis)
            .toList();

    private static final List<Duration> SHORT_TIMES = LongStream.of(
                    500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000)
            .mapToObj(micros -> Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros)))
            .toList();

    private final LabelValues values;
    private final Family<Counter> requests;
    private final Family<Counter> clientRequests;
    private final Family<Counter> tries;
    private final Family<Timer> duration;
    private final Family<Timer> timeToFirstByte;
    private final Family<Timer> addedLatency;

    RequestMetrics(LabelValues values, Instruments instruments) {
        this.values = values;
        requests = instruments.counters(MetricName.REQUESTS);
        clientRequests = instruments.counters(MetricName.CLIENT_REQUESTS);
        tries = instruments.counters(MetricName.TRIES);
        duration = instruments.histograms(MetricName.REQUEST_DURATION, TIMES);
        timeToFirstByte = instruments.histograms(MetricName.TIME_TO_FIRST_BYTE, TIMES);
        addedLatency = instruments.histograms(MetricName.ADDED_LATENCY, SHORT_TIMES);
    }

    @Override
    public void completed(CompletedRequest request) {
        String route = LabelValues.route(request.call().route());
        String end = request.end().word();
        requests.with(route, LabelValues.dialect(request.call().dialect()), LabelValues.status(request.status()), end)
                .increment();
        if (!values.clients().isEmpty()) {
            clientRequests.with(values.client(request.client()), end).increment();
        }
        if (!request.tries().isEmpty()) {
            duration.with(route).record(request.time());
            request.timeToFirstByte()
                    .ifPresent(time -> timeToFirstByte.with(route).record(time));
            request.addedLatency().ifPresent(time -> addedLatency.with(route).record(time));
            request.tries().forEach(this::tried);
        }
    }

    private void tried(CompletedTry completed) {
        tries.with(
                        values.credential(completed.credential().name()),
                        LabelValues.outcome(completed.outcome()),
                        LabelValues.status(completed.status()))
                .increment();
    }
}
