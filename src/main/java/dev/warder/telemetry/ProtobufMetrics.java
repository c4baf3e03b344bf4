package dev.warder.telemetry;

import java.util.List;

/**
 * Finds costs in an {@code ExportMetricsServiceRequest} in protobuf. Field numbers are those of {@code
 * opentelemetry/proto/metrics/v1/metrics.proto}. One thread at a time.
 */
final class ProtobufMetrics {
    private final CostPoints points = new CostPoints();

    private ProtobufMetrics() {}

    static List<CostPoint> read(byte[] bytes) throws UnreadableException {
        var reading = new ProtobufMetrics();
        var request = new ProtobufReader(bytes, 0, bytes.length);
        while (request.next()) {
            if (request.isBytes(1)) {
                reading.resourceMetrics(request.message());
            }
        }
        return reading.points.found();
    }

    private void resourceMetrics(ProtobufReader resource) throws UnreadableException {
        points.beginResource();
        while (resource.next()) {
            if (resource.isBytes(1)) {
                resource.addTo(points.resource());
            } else if (resource.isBytes(2)) {
                scopeMetrics(resource.message());
            }
        }
    }

    private void scopeMetrics(ProtobufReader scope) throws UnreadableException {
        while (scope.next()) {
            if (scope.isBytes(2)) {
                metric(scope.message());
            }
        }
    }

    private void metric(ProtobufReader metric) throws UnreadableException {
        points.beginMetric();
        while (metric.next()) {
            if (metric.isBytes(1)) {
                points.name(metric.text());
            } else if (metric.isBytes(7)) {
                sum(metric.message());
            }
        }
        points.endMetric();
    }

    private void sum(ProtobufReader sum) throws UnreadableException {
        while (sum.next()) {
            if (sum.isBytes(1)) {
                point(sum.message());
            } else if (sum.isVarint(2)) {
                points.temporality((int) sum.varint());
            }
        }
    }

    private void point(ProtobufReader point) throws UnreadableException {
        var series = points.newPoint();
        double value = 0;
        long start = 0;
        long time = 0;
        while (point.next()) {
            if (point.isBytes(7)) {
                point.addTo(series);
            } else if (point.isFixed(4)) {
                value = Double.longBitsToDouble(point.fixed());
            } else if (point.isFixed(6)) {
                value = (double) point.fixed();
            } else if (point.isFixed(2)) {
                start = point.fixed();
            } else if (point.isFixed(3)) {
                time = point.fixed();
            }
        }
        points.point(series.value(), value, start, time);
    }
}
