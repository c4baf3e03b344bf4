package dev.warder.policy;

import java.util.Comparator;
import java.util.Optional;

/**
 * Identifies an object of the policy. Immutable.
 *
 * @param name empty for the organization and for sessions
 */
public record PolicyName(PolicyKind kind, String name) implements Comparable<PolicyName> {
    private static final Comparator<PolicyName> ORDER =
            Comparator.comparing(PolicyName::kind).thenComparing(PolicyName::name);

    /** Refuses a name for the organization and for sessions, and no name for anything else. */
    public PolicyName {
        if (name.isEmpty() != kind.single()) {
            throw new IllegalArgumentException("an object of the policy has the wrong name");
        }
    }

    public static PolicyName client(String name) {
        return new PolicyName(PolicyKind.CLIENT, name);
    }

    public static Optional<PolicyName> parse(String text) {
        int slash = text.indexOf('/');
        String name = slash < 0 ? "" : text.substring(slash + 1);
        return PolicyKind.of(slash < 0 ? text : text.substring(0, slash))
                .filter(kind -> kind.single() == (slash < 0) && kind.single() == name.isEmpty())
                .map(kind -> new PolicyName(kind, name));
    }

    public String text() {
        return kind.single() ? kind.word() : kind.word() + "/" + name;
    }

    @Override
    public int compareTo(PolicyName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return text();
    }
}
