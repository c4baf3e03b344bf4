package dev.warder.credential;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The benches of one credential for single models: at most 64. When there are more, the one that ends first is dropped.
 * Times are nanoseconds of a clock that never goes back. Guarded by its owner.
 */
final class ModelBenches {
    private static final int MOST = 64;
    private static final int LONGEST_NAME = 256;

    private final Map<String, Held> held = new HashMap<>();

    /** Keeps a bench, unless the model has a longer one. Returns whether the model was not held before. */
    boolean keep(String model, Bench bench, long now) {
        held.values().removeIf(each -> each.left(now) <= 0);
        String key = key(model);
        var before = held.get(key);
        var next = new Held(bench, now + bench.time().toNanos());
        if (before == null || next.until() - before.until() > 0) {
            held.put(key, next);
        }
        if (held.size() > MOST) {
            held.entrySet().stream()
                    .min(Comparator.comparingLong(each -> each.getValue().left(now)))
                    .ifPresent(soonest -> held.remove(soonest.getKey()));
        }
        return before == null;
    }

    /** Why the model may not be used now. */
    Optional<Obstacle> obstacle(String model, long now) {
        return Optional.ofNullable(held.get(key(model)))
                .filter(each -> each.left(now) > 0)
                .map(each -> each.obstacle(now));
    }

    /** All current benches, by the names of the models. */
    List<CredentialState.HeldModel> all(long now) {
        return held.entrySet().stream()
                .filter(each -> each.getValue().left(now) > 0)
                .sorted(Map.Entry.comparingByKey())
                .map(each -> new CredentialState.HeldModel(
                        printable(each.getKey()),
                        each.getValue().obstacle(now).words(),
                        Duration.ofNanos(each.getValue().left(now))))
                .toList();
    }

    /** The name with everything escaped that could forge a line of a log, because clients choose it. */
    static String printable(String model) {
        var text = new StringBuilder();
        key(model).chars().forEach(c -> {
            if (c > ' ' && c < 0x7f && c != '\\' && c != '$') {
                text.append((char) c);
            } else {
                text.append(String.format("\\u%04x", c));
            }
        });
        return text.toString();
    }

    private static String key(String model) {
        return model.length() <= LONGEST_NAME ? model : model.substring(0, LONGEST_NAME);
    }

    private record Held(Bench bench, long until) {
        long left(long now) {
            return until - now;
        }

        Obstacle obstacle(long now) {
            return Obstacle.benched(bench, Duration.ofNanos(left(now)));
        }
    }
}
