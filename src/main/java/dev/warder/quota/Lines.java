package dev.warder.quota;

import java.util.List;

/**
 * Some budgets, the fullest first. Immutable.
 *
 * @param shown at most as many as the report shows
 * @param more how many others there are, which are less full
 */
public record Lines(List<BudgetLine> shown, int more) {
    static final Lines NONE = new Lines(List.of(), 0);

    static Lines of(List<BudgetLine> all, int most) {
        return new Lines(
                all.stream().sorted(BudgetLine.FULLEST).limit(Math.max(0, most)).toList(),
                Math.max(0, all.size() - Math.max(0, most)));
    }

    /** A page of what is shown, counted from 1. */
    Lines page(int number, int size) {
        int from = Math.min(shown.size(), size * (number - 1));
        int end = Math.min(shown.size(), from + size);
        return new Lines(shown.subList(from, end), shown.size() - end + more);
    }

    double fullness() {
        return shown.isEmpty() ? -1 : shown.get(0).fullness();
    }
}
