package dev.warder.ledger.store;

/** The dimensions for grouping rows. */
public enum Dimension {
    /** The name of the client. */
    CLIENT,
    /** The team that paid for the client. */
    TEAM,
    /** The model that has the price: the one that responded, otherwise the one that was sent or asked for. */
    MODEL,
    /** The tier in which the upstream served the request. */
    TIER,
    /** How fast the response was generated. */
    SPEED,
    /** Where the model ran. */
    GEO,
    /** {@link #LONG} if the prompt had more than {@link #LONGEST_SHORT} tokens, otherwise {@link #SHORT}. */
    PROMPT;

    /** The most tokens of a short prompt. */
    public static final long LONGEST_SHORT = 200_000;

    /** The name of a long prompt. */
    public static final String LONG = "long";

    /** The name of a short prompt. */
    public static final String SHORT = "short";
}
