package dev.warder.usage;

import dev.warder.config.ModelSuffix;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A model's name, as rows are compared with it. Immutable.
 *
 * @param name the name as it is
 * @param undated the name without a date, {@code -latest} and a suffix in brackets
 * @param families the words of the name that may be a family's, such as {@code opus}
 */
record PricedModel(String name, String undated, Set<String> families) {
    private static final Pattern SEPARATOR = Pattern.compile("[^A-Za-z0-9]+");
    private static final Pattern WORD = Pattern.compile("[a-z]{3,}");
    private static final Set<String> NO_FAMILY = Set.of("anthropic", "claude", "latest", "preview");

    PricedModel {
        families = Set.copyOf(families);
    }

    static PricedModel of(String name) {
        return new PricedModel(name, ModelSuffix.strip(name), families(name));
    }

    static Set<String> families(String text) {
        return Arrays.stream(SEPARATOR.split(text))
                .filter(word -> WORD.matcher(word).matches() && !NO_FAMILY.contains(word))
                .collect(Collectors.toUnmodifiableSet());
    }
}
