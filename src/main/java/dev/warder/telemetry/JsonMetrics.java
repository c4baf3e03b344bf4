package dev.warder.telemetry;

import dev.warder.json.JsonEvents;
import dev.warder.json.JsonTree;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Finds costs in an {@code ExportMetricsServiceRequest} in OTLP's JSON, whose members may come in any order. It keeps no tree: a
 * document can need fifty times its length as one. One thread at a time.
 */
final class JsonMetrics implements JsonEvents {
    /** Where in the document the reading is: in an array or object with this meaning. */
    private enum Place {
        REQUEST,
        RESOURCES,
        RESOURCE,
        RESOURCE_ATTRIBUTES,
        SCOPES,
        SCOPE,
        METRICS,
        METRIC,
        SUM,
        POINTS,
        POINT,
        POINT_ATTRIBUTES,
        OTHER
    }

    private final CostPoints points = new CostPoints();
    private final Deque<Place> places = new ArrayDeque<>();
    private String key = "";
    private Fingerprint series = new Fingerprint();
    private double value;
    private long start;
    private long time;
    private boolean isObject;

    private JsonMetrics() {}

    static List<CostPoint> read(byte[] bytes) throws UnreadableException {
        var reading = new JsonMetrics();
        if (!JsonTree.scan(new ByteArrayInputStream(bytes), reading) || !reading.isObject) {
            throw new UnreadableException();
        }
        return reading.points.found();
    }

    @Override
    public void begins(boolean object) {
        Place place = places.isEmpty() ? first(object) : inside(places.getLast(), object);
        places.addLast(place);
        switch (place) {
            case RESOURCE -> points.beginResource();
            case METRIC -> points.beginMetric();
            case POINT -> beginPoint();
            default -> {}
        }
    }

    @Override
    public void ends() {
        switch (places.removeLast()) {
            case METRIC -> points.endMetric();
            case POINT -> points.point(series.value(), value, start, time);
            default -> {}
        }
    }

    @Override
    public void key(String name) {
        key = name;
        attribute(name);
    }

    @Override
    public void value(String text) {
        if (places.isEmpty()) {
            return;
        }
        switch (places.getLast()) {
            case METRIC -> {
                if (key.equals("name")) {
                    points.name(text);
                }
            }
            case SUM -> {
                if (key.equals("aggregationTemporality")) {
                    points.temporality(temporality(text));
                }
            }
            case POINT -> pointValue(text);
            default -> attribute(text);
        }
    }

    private Place first(boolean object) {
        isObject = object;
        return object ? Place.REQUEST : Place.OTHER;
    }

    private Place inside(Place outer, boolean object) {
        return switch (outer) {
            case REQUEST -> !object && key.equals("resourceMetrics") ? Place.RESOURCES : Place.OTHER;
            case RESOURCES -> object ? Place.RESOURCE : Place.OTHER;
            case RESOURCE -> inResource(object);
            case SCOPES -> object ? Place.SCOPE : Place.OTHER;
            case SCOPE -> !object && key.equals("metrics") ? Place.METRICS : Place.OTHER;
            case METRICS -> object ? Place.METRIC : Place.OTHER;
            case METRIC -> object && key.equals("sum") ? Place.SUM : Place.OTHER;
            case SUM -> !object && key.equals("dataPoints") ? Place.POINTS : Place.OTHER;
            case POINTS -> object ? Place.POINT : Place.OTHER;
            case POINT -> !object && key.equals("attributes") ? Place.POINT_ATTRIBUTES : Place.OTHER;
            case RESOURCE_ATTRIBUTES, POINT_ATTRIBUTES -> outer;
            case OTHER -> Place.OTHER;
        };
    }

    private Place inResource(boolean object) {
        if (object && key.equals("resource")) {
            return Place.RESOURCE_ATTRIBUTES;
        }
        return !object && key.equals("scopeMetrics") ? Place.SCOPES : Place.OTHER;
    }

    private void beginPoint() {
        series = points.newPoint();
        value = 0;
        start = 0;
        time = 0;
    }

    private void attribute(String text) {
        if (places.isEmpty()) {
            return;
        }
        if (places.getLast() == Place.POINT_ATTRIBUTES) {
            series.add(text);
        } else if (places.getLast() == Place.RESOURCE_ATTRIBUTES) {
            points.resource().add(text);
        }
    }

    private void pointValue(String text) {
        switch (key) {
            case "asDouble", "asInt" -> value = number(text);
            case "startTimeUnixNano" -> start = nanos(text);
            case "timeUnixNano" -> time = nanos(text);
            default -> {}
        }
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException notOne) {
            return Double.NaN;
        }
    }

    private static long nanos(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOne) {
            return 0;
        }
    }

    /** A number, or the name that some exporters send although OTLP forbids it. */
    private static int temporality(String text) {
        return switch (text) {
            case "1", "AGGREGATION_TEMPORALITY_DELTA" -> 1;
            case "2", "AGGREGATION_TEMPORALITY_CUMULATIVE" -> 2;
            default -> 0;
        };
    }
}
