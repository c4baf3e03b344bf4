package dev.warder.ledger.store;

import dev.warder.usage.UsageRow;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The columns of the ledger, in the order of exports and of the journal, each with its value in a row: the only place that lists
 * all of them. A new one goes to the end and may have no value in a row, since journals and tables of earlier versions lack it. A
 * migration adds it to {@code warder_ledger}.
 */
public enum Column {
    TRY_ID(Kind.TEXT, 36, row -> row.key().tryId()),
    PART(Kind.INTEGER, row -> (long) row.key().part()),
    REQUEST_ID(Kind.TEXT, 64, row -> row.caller().requestId()),
    ADMITTED_AT(Kind.TIME, UsageRow::admitted),
    ENDED_AT(Kind.TIME, UsageRow::ended),
    CLIENT(Kind.TEXT, 256, row -> row.caller().client()),
    SESSION_ID(Kind.TEXT, 256, row -> row.caller().session()),
    AGENT_ID(Kind.TEXT, 256, row -> row.caller().agent()),
    DIALECT(Kind.TEXT, 16, row -> row.caller().dialect()),
    MODEL_ASKED(Kind.TEXT, 256, row -> row.models().asked()),
    MODEL_SENT(Kind.TEXT, 256, row -> row.models().sent()),
    MODEL_ANSWERED(Kind.TEXT, 256, row -> row.models().answered()),
    CREDENTIAL(Kind.TEXT, 256, row -> row.upstream().credential()),
    CREDENTIAL_KIND(Kind.TEXT, 32, row -> row.upstream().credentialKind()),
    UPSTREAM_REQUEST_ID(Kind.TEXT, 256, row -> row.upstream().requestId()),
    UPSTREAM_STATUS(Kind.INTEGER, row -> row.upstream().status()),
    ENDED_AS(Kind.TEXT, 32, row -> row.upstream().end().word()),
    STOP_REASON(Kind.TEXT, 64, row -> row.consumption().stopReason()),
    INPUT_TOKENS(Kind.INTEGER, row -> row.consumption().counts().input()),
    WRITE_5M_TOKENS(Kind.INTEGER, row -> row.consumption().counts().writes().fiveMinutes()),
    WRITE_1H_TOKENS(Kind.INTEGER, row -> row.consumption().counts().writes().oneHour()),
    READ_TOKENS(Kind.INTEGER, row -> row.consumption().counts().read()),
    OUTPUT_TOKENS(Kind.INTEGER, row -> row.consumption().counts().output()),
    THINKING_TOKENS(Kind.INTEGER, row -> row.consumption().counts().thinking()),
    WEB_SEARCHES(Kind.INTEGER, row -> row.consumption().counts().webSearches()),
    WEB_FETCHES(Kind.INTEGER, row -> row.consumption().counts().webFetches()),
    TIER(Kind.TEXT, 32, row -> row.consumption().tier()),
    SPEED(Kind.TEXT, 32, row -> row.consumption().speed()),
    GEO(Kind.TEXT, 32, row -> row.consumption().geo()),
    PRICE_VERSION(Kind.TEXT, 80, row -> row.cost().priceVersion()),
    PRICE_ASSUMED(Kind.FLAG, row -> row.cost().priceAssumed()),
    BILLED(Kind.FLAG, row -> row.cost().billed()),
    BASIS(Kind.TEXT, 16, row -> row.cost().basis()),
    COST_USD(Kind.DECIMAL, row -> row.cost().dollars()),
    COST_NANOS(Kind.INTEGER, row -> row.cost().nanos()),
    FIRST_BYTE_MS(Kind.INTEGER, row -> row.times().firstByte()),
    DURATION_MS(Kind.INTEGER, row -> row.times().total()),
    TEAM(Kind.TEXT, 256, row -> row.caller().team()),
    REQUEST_CLASS(Kind.TEXT, 16, row -> row.caller().hints().requestClass()),
    AGENT_TYPE(Kind.TEXT, 64, row -> row.caller().hints().agentType()),
    PROMPT_ID(Kind.TEXT, 64, row -> row.caller().hints().promptId());

    /** The type of a column's content: the class of its values, and their SQL type. */
    public enum Kind {
        /** A {@code String}. */
        TEXT(Types.VARCHAR),
        /** A {@code Long}. */
        INTEGER(Types.BIGINT),
        /** A {@code BigDecimal}. */
        DECIMAL(Types.NUMERIC),
        /** A {@code Boolean}. */
        FLAG(Types.BOOLEAN),
        /** An {@code Instant}, stored to the millisecond. */
        TIME(Types.TIMESTAMP_WITH_TIMEZONE);

        private final int sqlType;

        Kind(int sqlType) {
            this.sqlType = sqlType;
        }

        /** One of {@link Types}. */
        public int sqlType() {
            return sqlType;
        }
    }

    public static final List<Column> ALL = List.of(values());

    private final Kind kind;
    private final int limit;
    private final Function<UsageRow, Object> value;

    Column(Kind kind, Function<UsageRow, Object> value) {
        this(kind, 0, value);
    }

    Column(Kind kind, int limit, Function<UsageRow, Object> value) {
        this.kind = kind;
        this.limit = limit;
        this.value = value;
    }

    public String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static String titles(String delimiter) {
        return ALL.stream().map(Column::title).collect(Collectors.joining(delimiter));
    }

    public Kind kind() {
        return kind;
    }

    /** The most characters of a text; 0 for other kinds. */
    public int limit() {
        return limit;
    }

    /** Its value in this row, perhaps an empty one, for {@link #put}. */
    Object of(UsageRow row) {
        return value.apply(row);
    }

    /** Adds a value as the journal and the table have it; nothing if it is empty. */
    void put(Map<Column, Object> values, Object its) {
        if (its instanceof Optional<?> maybe) {
            maybe.ifPresent(present -> values.put(this, stored(present)));
        } else if (its instanceof OptionalInt maybe) {
            maybe.ifPresent(present -> values.put(this, (long) present));
        } else {
            values.put(this, stored(its));
        }
    }

    private Object stored(Object its) {
        if (its instanceof Duration time) {
            return time.toMillis();
        }
        if (its instanceof Instant time) {
            return time.truncatedTo(ChronoUnit.MILLIS);
        }
        if (its instanceof Enum<?> word) {
            return word.name().toLowerCase(Locale.ROOT);
        }
        return kind == Kind.TEXT ? LedgerRow.storable(its.toString(), limit) : its;
    }
}
