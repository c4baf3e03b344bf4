package dev.warder.reconciliation.store;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * What the ledger has of a day, by model and credential. A client may send any name, and break off before there is a response;
 * so names that no response has confirmed are limited, and what remains is one line for each credential. Not thread-safe.
 */
final class DaySums {
    /** The line of those that are too many. */
    static final String OTHER = "(other models)";

    /** The most lines with a name that no response has confirmed; those with the largest costs. */
    private static final int MOST_ASKED = 1000;

    /** More are not kept apart while the sums are read. */
    private static final int MOST_READ = 20_000;

    private static final Comparator<Map.Entry<LineId, Comparison>> LARGEST_FIRST = Comparator.comparingLong(
                    (Map.Entry<LineId, Comparison> each) ->
                            -each.getValue().ledger().nanos())
            .thenComparing(Map.Entry::getKey);

    private final LocalDate day;
    private final Map<LineId, Comparison> answered = new HashMap<>();
    private final Map<LineId, Comparison> asked = new HashMap<>();

    DaySums(LocalDate day) {
        this.day = day;
    }

    /**
     * Adds a sum of the ledger.
     *
     * @param hasAnswer whether a response had this model
     */
    void add(String model, String credential, boolean hasAnswer, Comparison sum) {
        var id = new LineId(day, model, credential);
        if (hasAnswer || answered.containsKey(id)) {
            answered.merge(id, sum, DaySums::plus);
        } else if (asked.size() < MOST_READ || asked.containsKey(id)) {
            asked.merge(id, sum, DaySums::plus);
        } else {
            addOther(credential, sum);
        }
    }

    private void addOther(String credential, Comparison sum) {
        answered.merge(new LineId(day, OTHER, credential), sum, DaySums::plus);
    }

    /** All lines. To be called once, at the end. */
    Map<LineId, Comparison> lines() {
        asked.entrySet().removeIf(each -> {
            boolean known = answered.containsKey(each.getKey());
            if (known) {
                answered.merge(each.getKey(), each.getValue(), DaySums::plus);
            }
            return known;
        });
        asked.entrySet().stream()
                .sorted(LARGEST_FIRST)
                .skip(MOST_ASKED)
                .toList()
                .forEach(each -> {
                    addOther(each.getKey().credential(), each.getValue());
                    asked.remove(each.getKey());
                });
        // A client may have sent the name of the other models too.
        asked.forEach((id, sum) -> answered.merge(id, sum, DaySums::plus));
        return answered;
    }

    private static Comparison plus(Comparison one, Comparison other) {
        var ledger = new Side(
                Math.addExact(one.ledger().nanos(), other.ledger().nanos()),
                one.ledger().counts().plus(other.ledger().counts()));
        return new Comparison(one.rows() + other.rows(), ledger, Side.NONE, 0);
    }
}
