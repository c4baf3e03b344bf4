package dev.warder.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The kinds of the objects of a policy. */
public enum PolicyKind {
    ORGANIZATION(true),
    TEAM(false),
    CLIENT(false),
    TAG(false),
    MODEL(false),
    SESSIONS(true);

    private final boolean single;

    PolicyKind(boolean single) {
        this.single = single;
    }

    public boolean single() {
        return single;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<PolicyKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
