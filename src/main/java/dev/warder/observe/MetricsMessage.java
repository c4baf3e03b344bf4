package dev.warder.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSupport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The meters of registries as an {@code ExportMetricsServiceRequest} of OTLP 1.x. Counters and histograms are cumulative from
 * the start of the application. Field numbers are those of {@code opentelemetry/proto/metrics/v1/metrics.proto}.
 *
 * @param resource the attributes of the resource, such as {@code service.name}
 * @param started the start of the application
 */
record MetricsMessage(Map<String, String> resource, Instant started) {
    private static final int CUMULATIVE = 2;

    MetricsMessage {
        resource = Map.copyOf(resource);
    }

    byte[] of(List<MeterRegistry> registries, Instant now) {
        var metrics = new TreeMap<String, List<Meter>>();
        registries.stream().flatMap(registry -> registry.getMeters().stream()).forEach(meter -> metrics.computeIfAbsent(
                        meter.getId().getName(), none -> new ArrayList<>())
                .add(meter));
        var request = new ProtobufWriter();
        request.message(1, metricsOfResource -> metricsOfResource
                .message(1, attributes -> resource.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(each -> attribute(attributes, 1, each.getKey(), each.getValue())))
                .message(2, scope -> {
                    scope.message(1, name -> name.text(1, "dev.warder"));
                    metrics.values().forEach(meters -> scope.message(2, metric -> metric(metric, meters, now)));
                }));
        return request.bytes();
    }

    private void metric(ProtobufWriter metric, List<Meter> meters, Instant now) {
        var first = meters.get(0);
        var id = first.getId();
        metric.text(1, id.getName());
        String description = id.getDescription();
        metric.text(2, description == null ? "" : description);
        metric.text(3, unit(first));
        if (first instanceof HistogramSupport) {
            metric.message(9, histogram -> {
                meters.forEach(
                        each -> histogram.message(1, point -> histogramPoint(point, (HistogramSupport) each, now)));
                histogram.varint(2, CUMULATIVE);
            });
        } else if (first instanceof Counter || first instanceof FunctionCounter) {
            metric.message(7, sum -> {
                meters.forEach(each -> sum.message(1, point -> numberPoint(point, each, now)));
                sum.varint(2, CUMULATIVE).varint(3, 1);
            });
        } else {
            metric.message(
                    5, gauge -> meters.forEach(each -> gauge.message(1, point -> numberPoint(point, each, now))));
        }
    }

    private static String unit(Meter meter) {
        if (meter instanceof Timer) {
            return "s";
        }
        String unit = meter.getId().getBaseUnit();
        if (unit == null) {
            return "1";
        }
        return switch (unit) {
            case "seconds" -> "s";
            case "bytes" -> "By";
            default -> "{" + unit + "}";
        };
    }

    private void numberPoint(ProtobufWriter point, Meter meter, Instant now) {
        times(point, now);
        point.number(4, meter.measure().iterator().next().getValue());
        attributes(point, 7, meter);
    }

    private void histogramPoint(ProtobufWriter point, HistogramSupport meter, Instant now) {
        boolean times = meter instanceof Timer;
        var snapshot = meter.takeSnapshot();
        var buckets = Arrays.stream(snapshot.histogramCounts())
                .filter(bucket -> Double.isFinite(bucket.bucket()))
                .sorted(Comparator.comparingDouble(CountAtBucket::bucket))
                .toList();
        var counts = new ArrayList<Long>();
        long below = 0;
        for (var bucket : buckets) {
            counts.add((long) bucket.count() - below);
            below = (long) bucket.count();
        }
        // A time may have been counted between the two readings; the sum of all buckets has to be the count.
        long count = Math.max(below, snapshot.count());
        counts.add(count - below);
        times(point, now);
        point.fixed(4, count);
        point.number(5, times ? snapshot.total(TimeUnit.SECONDS) : snapshot.total());
        point.fixed(6, counts);
        point.numbers(
                7,
                buckets.stream()
                        .map(each -> times ? each.bucket(TimeUnit.SECONDS) : each.bucket())
                        .toList());
        attributes(point, 9, meter);
    }

    private void times(ProtobufWriter point, Instant now) {
        point.fixed(2, nanos(started)).fixed(3, nanos(now));
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    private static void attributes(ProtobufWriter point, int field, Meter meter) {
        meter.getId().getTags().forEach(tag -> attribute(point, field, tag.getKey(), tag.getValue()));
    }

    private static void attribute(ProtobufWriter message, int field, String key, String value) {
        message.message(field, attribute -> attribute.text(1, key).message(2, any -> any.text(1, value)));
    }
}
