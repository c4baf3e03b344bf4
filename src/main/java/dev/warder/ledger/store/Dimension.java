package dev.warder.ledger.store;

/** What rows can be grouped by. */
public enum Dimension {
    /** The name of the client. */
    CLIENT(Column.CLIENT),
    /** The team that paid for the client. */
    TEAM(Column.TEAM),
    /** The model that has the price: the one that responded, otherwise the one that was sent or asked for. */
    MODEL(Column.MODEL_ANSWERED, Column.MODEL_SENT, Column.MODEL_ASKED),
    /** The tier in which the upstream served the request. */
    TIER(Column.TIER),
    /** How fast the response was generated. */
    SPEED(Column.SPEED),
    /** Where the model ran. */
    GEO(Column.GEO),
    /** {@link #LONG} if the prompt had more than {@link #LONGEST_SHORT} tokens, otherwise {@link #SHORT}. */
    PROMPT;

    /** The most tokens of a short prompt. */
    public static final long LONGEST_SHORT = 200_000;

    /** The name of a long prompt. */
    public static final String LONG = "long";

    /** The name of a short prompt. */
    public static final String SHORT = "short";

    private final Column[] columns;

    Dimension(Column... columns) {
        this.columns = columns;
    }

    /** The name that a line has in this dimension; empty text if it has none. */
    public String name(LedgerStore.Line line) {
        if (this == PROMPT) {
            return GroupSums.of(line).prompt() > LONGEST_SHORT ? LONG : SHORT;
        }
        for (var column : columns) {
            if (line.get(column) instanceof String text && !text.isEmpty()) {
                return text;
            }
        }
        return "";
    }
}
