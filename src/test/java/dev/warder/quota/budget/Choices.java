package dev.warder.quota.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What is chosen in a run of a test, such as who goes next: in one run after the other, each possible sequence once. One thread. */
final class Choices implements IntUnaryOperator {
    private final List<Integer> chosen = new ArrayList<>();
    private final List<Integer> bounds = new ArrayList<>();
    private int at;

    /** One of 0 to {@code bound - 1}. */
    @Override
    public int applyAsInt(int bound) {
        if (at == chosen.size()) {
            chosen.add(0);
            bounds.add(bound);
        }
        return chosen.get(at++);
    }

    /** Goes on to the next sequence, for a run from its beginning; false after the last one. */
    boolean next() {
        at = 0;
        int last = chosen.size() - 1;
        while (last >= 0 && chosen.get(last) == bounds.get(last) - 1) {
            chosen.remove(last);
            bounds.remove(last);
            last--;
        }
        if (last >= 0) {
            chosen.set(last, chosen.get(last) + 1);
        }
        return last >= 0;
    }

    @Override
    public String toString() {
        return chosen.toString();
    }
}
