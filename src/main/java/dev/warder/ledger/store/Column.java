package dev.warder.ledger.store;

import dev.warder.usage.UsageRow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The columns of {@code warder_ledger}, in the order of exports, each with its value in a row. */
public enum Column {
    TRY_ID(Kind.TEXT, 36, row -> row.key().tryId().toString()),
    PART(Kind.INTEGER, row -> (long) row.key().part()),
    REQUEST_ID(Kind.TEXT, 64, row -> row.caller().requestId()),
    ADMITTED_AT(Kind.TIME, UsageRow::admitted),
    ENDED_AT(Kind.TIME, UsageRow::ended),
    CLIENT(Kind.TEXT, 256, row -> orNull(row.caller().client())),
    SESSION_ID(Kind.TEXT, 256, row -> orNull(row.caller().session())),
    AGENT_ID(Kind.TEXT, 256, row -> orNull(row.caller().agent())),
    DIALECT(Kind.TEXT, 16, row -> word(row.caller().dialect())),
    MODEL_ASKED(Kind.TEXT, 256, row -> orNull(row.models().asked())),
    MODEL_SENT(Kind.TEXT, 256, row -> orNull(row.models().sent())),
    MODEL_ANSWERED(Kind.TEXT, 256, row -> orNull(row.models().answered())),
    CREDENTIAL(Kind.TEXT, 256, row -> row.upstream().credential()),
    CREDENTIAL_KIND(Kind.TEXT, 32, row -> row.upstream().credentialKind()),
    UPSTREAM_REQUEST_ID(Kind.TEXT, 256, row -> orNull(row.upstream().requestId())),
    UPSTREAM_STATUS(Kind.INTEGER, Column::status),
    ENDED_AS(Kind.TEXT, 32, row -> row.upstream().end().word()),
    STOP_REASON(Kind.TEXT, 64, row -> orNull(row.consumption().stopReason())),
    INPUT_TOKENS(Kind.INTEGER, row -> row.consumption().counts().input()),
    WRITE_5M_TOKENS(Kind.INTEGER, row -> row.consumption().counts().writes().fiveMinutes()),
    WRITE_1H_TOKENS(Kind.INTEGER, row -> row.consumption().counts().writes().oneHour()),
    READ_TOKENS(Kind.INTEGER, row -> row.consumption().counts().read()),
    OUTPUT_TOKENS(Kind.INTEGER, row -> row.consumption().counts().output()),
    THINKING_TOKENS(Kind.INTEGER, row -> row.consumption().counts().thinking()),
    WEB_SEARCHES(Kind.INTEGER, row -> row.consumption().counts().webSearches()),
    WEB_FETCHES(Kind.INTEGER, row -> row.consumption().counts().webFetches()),
    TIER(Kind.TEXT, 32, row -> word(row.consumption().tier())),
    SPEED(Kind.TEXT, 32, row -> word(row.consumption().speed())),
    GEO(Kind.TEXT, 32, row -> orNull(row.consumption().geo())),
    PRICE_VERSION(Kind.TEXT, 80, row -> row.cost().priceVersion()),
    PRICE_ASSUMED(Kind.FLAG, row -> row.cost().priceAssumed()),
    BILLED(Kind.FLAG, row -> row.cost().billed()),
    BASIS(Kind.TEXT, 16, row -> word(row.cost().basis())),
    COST_USD(Kind.DECIMAL, row -> row.cost().dollars()),
    COST_NANOS(Kind.INTEGER, row -> row.cost().nanos()),
    FIRST_BYTE_MS(Kind.INTEGER, row -> orNull(row.times().firstByte().map(Duration::toMillis))),
    DURATION_MS(Kind.INTEGER, row -> row.times().total().toMillis()),
    /** This column and the next ones were added later: the others keep their places in exports. */
    TEAM(Kind.TEXT, 256, row -> orNull(row.caller().team())),
    REQUEST_CLASS(Kind.TEXT, 16, row -> orNull(row.caller().hints().requestClass())),
    AGENT_TYPE(Kind.TEXT, 64, row -> orNull(row.caller().hints().agentType())),
    PROMPT_ID(Kind.TEXT, 64, row -> orNull(row.caller().hints().promptId()));

    /** The type of a column's content. */
    public enum Kind {
        TEXT,
        INTEGER,
        DECIMAL,
        FLAG,
        /** An {@code Instant}, stored to the millisecond. */
        TIME
    }

    /** In a regular expression, half a pair of surrogates is one character, and a whole one is another. */
    private static final Pattern NOT_STORED = Pattern.compile("[\\x00\\p{Cs}]");

    private final Kind kind;
    private final int limit;
    private final Function<UsageRow, @Nullable Object> value;

    Column(Kind kind, Function<UsageRow, @Nullable Object> value) {
        this(kind, 0, value);
    }

    Column(Kind kind, int limit, Function<UsageRow, @Nullable Object> value) {
        this.kind = kind;
        this.limit = limit;
        this.value = value;
    }

    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Kind kind() {
        return kind;
    }

    /** Its place in lines and statements, from 0: the order of these constants. */
    @SuppressWarnings("EnumOrdinal")
    public int index() {
        return ordinal();
    }

    /** Its value in this row, as it is stored; null if there is none. */
    @Nullable
    public Object of(UsageRow row) {
        var found = value.apply(row);
        if (found instanceof Instant time) {
            return time.truncatedTo(ChronoUnit.MILLIS);
        }
        return found instanceof String text ? storable(text, limit) : found;
    }

    /**
     * At most {@code limit} characters of {@code text}; what no database stores is replaced. Names of models and sessions are the
     * client's: PostgreSQL refuses a statement that has a NUL or half of a surrogate pair, and all databases one that is too
     * long.
     */
    static String storable(String text, int limit) {
        String cut = text.length() <= limit ? text : text.substring(0, limit);
        for (int i = 0; i < cut.length(); i++) {
            if (cut.charAt(i) == 0 || Character.isSurrogate(cut.charAt(i))) {
                return NOT_STORED.matcher(cut).replaceAll("\uFFFD");
            }
        }
        return cut;
    }

    private static @Nullable Object status(UsageRow row) {
        var status = row.upstream().status();
        return status.isEmpty() ? null : (Object) (long) status.getAsInt();
    }

    private static @Nullable Object orNull(Optional<?> value) {
        return value.isEmpty() ? null : value.get();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
