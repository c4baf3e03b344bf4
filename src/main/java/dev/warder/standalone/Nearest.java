package dev.warder.standalone;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody may have meant. */
final class Nearest {
    private static final int FARTHEST = 2;

    private Nearest() {}

    /** The first of the nearest names within two edits, the case of letters aside. */
    static Optional<String> to(String unknown, Collection<String> names) {
        String wanted = unknown.toLowerCase(Locale.ROOT);
        Optional<String> nearest = Optional.empty();
        int least = FARTHEST + 1;
        for (String name : names) {
            int edits = edits(wanted, name.toLowerCase(Locale.ROOT));
            if (edits < least) {
                least = edits;
                nearest = Optional.of(name);
            }
        }
        return nearest;
    }

    // Levenshtein's distance, with the last row only.
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= from.length(); line++) {
            int aboveLeft = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int same = from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1;
                int edits = Math.min(aboveLeft + same, Math.min(row[column], row[column - 1]) + 1);
                aboveLeft = row[column];
                row[column] = edits;
            }
        }
        return row[to.length()];
    }
}
