package dev.warder.edit;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Claude model's family and version, as its id gives them; dates and {@code -latest} are no part of it. An id without a
 * version means the newest.
 */
record ModelName(String family, int major, int minor) implements Comparable<ModelName> {
    private static final int NEWEST = 1000;
    private static final Pattern ID =
            Pattern.compile("claude-([a-z]{1,32})(?:-([0-9]{1,2})(?:[-.]([0-9]{1,2}))?)?(?![0-9a-z])(?:[-@:\\[].*)?");
    private static final Pattern OLD_ID =
            Pattern.compile("claude-([0-9]{1,2})(?:[-.]([0-9]{1,2}))?-([a-z]{1,32})(?:[-@:].*)?");
    private static final int LONGEST = 256;

    /** Empty for an id of another form. */
    static Optional<ModelName> of(String id) {
        if (id.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = ID.matcher(id);
        if (matcher.matches()) {
            int major = matcher.group(2) == null ? NEWEST : Integer.parseInt(matcher.group(2));
            return Optional.of(new ModelName(matcher.group(1), major, minor(matcher.group(3))));
        }
        Matcher old = OLD_ID.matcher(id);
        return old.matches()
                ? Optional.of(new ModelName(old.group(3), Integer.parseInt(old.group(1)), minor(old.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(ModelName other) {
        return Comparator.comparing(ModelName::family)
                .thenComparingInt(ModelName::major)
                .thenComparingInt(ModelName::minor)
                .compare(this, other);
    }

    private static int minor(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
