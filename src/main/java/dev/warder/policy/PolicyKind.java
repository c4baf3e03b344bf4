package dev.warder.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of the objects of a policy. */
public enum PolicyKind {
    /** All clients together. There is one. */
    ORGANIZATION(true),
    /** A team. */
    TEAM(false),
    /** A person or a service. */
    CLIENT(false),
    /** A tag that has budgets. */
    TAG(false),
    /** A model, or a pattern of models, that has budgets or limits. */
    MODEL(false),
    /** What holds for each session. There is one. */
    SESSIONS(true);

    private final boolean single;

    PolicyKind(boolean single) {
        this.single = single;
    }

    /** Whether there is one object of this kind, which has no name. */
    public boolean single() {
        return single;
    }

    /** The name in rows, paths and messages: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of this name, as {@link #word} writes it. */
    public static Optional<PolicyKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
