package dev.warder.policy.reading;

import dev.warder.config.InvalidValueException;
import dev.warder.policy.PolicyVersion;
import dev.warder.policy.store.PolicyName;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Further conditions under which a new content of {@code policy.file} replaces the one in use. Each method throws the reason.
 */
final class PolicyChecks {
    private static final int MOST_NAMED = 20;

    private PolicyChecks() {}

    /** Its number is higher than that of the version before, or it is the same version. */
    static void order(PolicyVersion its, PolicyVersion before) throws InvalidValueException {
        if (its.number() < before.number()) {
            throw new InvalidValueException(
                    "version: is " + its.number() + ", which is lower than the version in use, " + before.number());
        }
        if (its.differsFrom(before)) {
            throw new InvalidValueException(
                    "version: is that of the policy in use, which differs; each change needs a higher one");
        }
    }

    /** It makes no object of the database unusable that could be used before. */
    static void clash(SortedMap<PolicyName, String> unusable) throws InvalidValueException {
        if (!unusable.isEmpty()) {
            throw new InvalidValueException(
                    "makes these objects of the database unusable; change them first: " + listed(unusable));
        }
    }

    /** A client that is removed from the file must not come back from the database. */
    static void returns(SortedMap<PolicyName, String> before, SortedMap<PolicyName, String> after)
            throws InvalidValueException {
        var returning = new TreeMap<>(before);
        returning.values().removeIf(problem -> !LivePolicy.isClash(problem));
        returning.keySet().removeAll(after.keySet());
        if (!returning.isEmpty()) {
            throw new InvalidValueException(
                    "removes objects that the database has too, and that would come back from there;"
                            + " remove them there first, or remove policy.file as a whole: " + listed(returning));
        }
    }

    /** Objects with the reason, at most 20 of them. */
    static String listed(SortedMap<PolicyName, String> unusable) {
        var shown = unusable.entrySet().stream()
                .limit(MOST_NAMED)
                .map(each -> each.getKey() + " (" + each.getValue() + ")")
                .collect(Collectors.joining("; "));
        return unusable.size() > MOST_NAMED ? shown + "; and " + (unusable.size() - MOST_NAMED) + " more" : shown;
    }
}
