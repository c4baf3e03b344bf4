package dev.warder.telemetry;

import java.util.ArrayList;
import java.util.List;

/** Collects the values of {@code claude_code.cost.usage} while a message is read. One thread at a time. */
final class CostPoints {
    /** Claude Code's name for what it believes that its requests cost (its documentation, page "Monitoring"). */
    private static final String NAME = "claude_code.cost.usage";

    private static final int DELTA = 1;
    private static final int CUMULATIVE = 2;

    /** More series than one message of a client has. Further ones are not counted. */
    private static final int MOST = 5_000;

    private record Point(long series, double usd, long start, long time) {}

    private final List<CostPoint> found = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private Fingerprint resource = new Fingerprint();
    private String name = "";
    private int temporality;

    /** The metrics of another resource follow. */
    void beginResource() {
        resource = new Fingerprint();
    }

    /** Attributes of the resource. */
    Fingerprint resource() {
        return resource;
    }

    /** Begins the hash of a point's attributes. */
    Fingerprint newPoint() {
        return new Fingerprint(resource.value());
    }

    void beginMetric() {
        name = "";
        temporality = 0;
        points.clear();
    }

    void name(String text) {
        name = text;
    }

    void temporality(int number) {
        temporality = number;
    }

    /** A point of the metric; its name may follow. */
    void point(long series, double usd, long start, long time) {
        boolean possible = name.isEmpty() || name.equals(NAME);
        if (possible && points.size() < MOST) {
            points.add(new Point(series, usd, start, time));
        }
    }

    void endMetric() {
        if (name.equals(NAME) && (temporality == DELTA || temporality == CUMULATIVE)) {
            for (var point : points) {
                if (found.size() < MOST) {
                    found.add(new CostPoint(
                            point.series(), temporality == CUMULATIVE, point.usd(), point.start(), point.time()));
                }
            }
        }
        points.clear();
    }

    List<CostPoint> found() {
        return List.copyOf(found);
    }
}
