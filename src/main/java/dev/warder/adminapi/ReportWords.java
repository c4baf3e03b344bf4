package dev.warder.adminapi;

import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.ledger.store.Dimension;
import java.util.Optional;
import java.util.Set;

/** The names of groups in the words of Anthropic's reports. */
final class ReportWords {
    static final String SHORT_WINDOW = "0-200k";
    static final String LONG_WINDOW = "200k-1M";
    static final Set<String> WINDOWS = Set.of(SHORT_WINDOW, LONG_WINDOW);

    static final String NO_GEO = "not_available";

    static final Set<String> GEOS = Set.of("global", "us", NO_GEO);

    private ReportWords() {}

    static Optional<String> word(Set<Dimension> by, Group group, Dimension dimension) {
        if (!by.contains(dimension)) {
            return Optional.empty();
        }
        String name = group.name(dimension);
        return switch (dimension) {
            case GEO -> Optional.of(name.isEmpty() ? NO_GEO : name);
            case PROMPT -> Optional.of(name.equals(Dimension.LONG) ? LONG_WINDOW : SHORT_WINDOW);
            default -> name.isEmpty() ? Optional.empty() : Optional.of(name);
        };
    }

    static String geoOfWord(String word) {
        return word.equals(NO_GEO) ? "" : word;
    }

    static String promptOfWindow(String window) {
        return window.equals(LONG_WINDOW) ? Dimension.LONG : Dimension.SHORT;
    }
}
