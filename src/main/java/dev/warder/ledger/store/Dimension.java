package dev.warder.ledger.store;

/** The dimensions for grouping rows. */
public enum Dimension {
    CLIENT,
    TEAM,
    /** The model that has the price: the one that responded, otherwise the one that was sent or asked for. */
    MODEL,
    TIER,
    SPEED,
    GEO,
    /** {@link #LONG} if the prompt had more than {@link #LONGEST_SHORT} tokens, otherwise {@link #SHORT}. */
    PROMPT;

    public static final long LONGEST_SHORT = 200_000;

    public static final String LONG = "long";

    public static final String SHORT = "short";
}
