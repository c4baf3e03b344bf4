package dev.warder.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Guesses the name that an operator meant by one that does not exist. */
public final class NameHint {
    private static final int FARTHEST = 2;

    private NameHint() {}

    /** The hint to add to a message about a name that does not exist. */
    public static Optional<String> didYouMean(String unknown, Collection<String> names) {
        Optional<String> nearest = Optional.empty();
        int least = FARTHEST + 1;
        for (String name : names) {
            int distance = distance(fold(unknown), fold(name));
            if (distance < least) {
                least = distance;
                nearest = Optional.of(name);
            }
        }
        return nearest.map(near -> "; did you mean " + near + "?");
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    // Levenshtein, one row at a time.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
