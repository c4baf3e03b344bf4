package dev.warder.whatif;

import java.util.Locale;

/** Whose spending a {@link Trial} limits. */
public enum TrialScope {
    /** Each client by itself, with the same amount. */
    EACH_CLIENT("Each client"),
    /** One client. */
    CLIENT("One client"),
    /** Each team by itself, with the same amount. */
    EACH_TEAM("Each team"),
    /** The clients that one team pays for. */
    TEAM("One team"),
    /** All clients together. */
    ORGANIZATION("All clients together");

    private final String title;

    TrialScope(String title) {
        this.title = title;
    }

    /** The name in addresses: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words for people. */
    public String title() {
        return title;
    }

    /** Whether it needs the name of a client or a team. */
    public boolean isNamed() {
        return this == CLIENT || this == TEAM;
    }

    /** Whether several owners have the amount, each for itself. */
    public boolean isForEach() {
        return this == EACH_CLIENT || this == EACH_TEAM;
    }
}
