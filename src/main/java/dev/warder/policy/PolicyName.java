package dev.warder.policy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Identifies an object of the policy. Immutable.
 *
 * @param name empty for the organization and for sessions
 */
public record PolicyName(Kind kind, String name) implements Comparable<PolicyName> {
    private static final Comparator<PolicyName> ORDER =
            Comparator.comparing(PolicyName::kind).thenComparing(PolicyName::name);

    /** Refuses a name for the organization and for sessions, and no name for anything else. */
    public PolicyName {
        if (name.isEmpty() != kind.single()) {
            throw new IllegalArgumentException("an object of the policy has the wrong name");
        }
    }

    public static PolicyName client(String name) {
        return new PolicyName(Kind.CLIENT, name);
    }

    public static Optional<PolicyName> parse(String text) {
        int slash = text.indexOf('/');
        String name = slash < 0 ? "" : text.substring(slash + 1);
        return Kind.of(slash < 0 ? text : text.substring(0, slash))
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

    /** The kinds of the objects of a policy. */
    public enum Kind {
        ORGANIZATION(true),
        TEAM(false),
        CLIENT(false),
        TAG(false),
        MODEL(false),
        SESSIONS(true);

        private final boolean single;

        Kind(boolean single) {
            this.single = single;
        }

        public boolean single() {
            return single;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst();
        }
    }
}
