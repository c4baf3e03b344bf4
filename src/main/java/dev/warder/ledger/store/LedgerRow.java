package dev.warder.ledger.store;

import dev.warder.usage.UsageRow;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger as the journal, the table and exports have it. Immutable.
 *
 * @param values the values of the columns that have one, each of the class of its {@link Column.Kind}
 */
public record LedgerRow(Map<Column, Object> values) {
    /** In a regular expression, half a pair of surrogates is one character, and a whole one is another. */
    private static final Pattern NOT_STORED = Pattern.compile("[\\x00\\p{Cs}]");

    public LedgerRow {
        values = Collections.unmodifiableMap(new EnumMap<>(values));
    }

    /** The row with another id of its try. */
    static LedgerRow of(UsageRow row, UUID tryId) {
        var values = new EnumMap<>(Column.class);
        Column.ALL.forEach(column -> column.put(values, column.of(row)));
        values.put(Column.TRY_ID, tryId.toString());
        return new LedgerRow(values);
    }

    @Nullable
    public Object get(Column column) {
        return values.get(column);
    }

    /** The value of a column that all rows have. */
    public <T> T get(Column column, Class<T> type) {
        return type.cast(Objects.requireNonNull(values.get(column)));
    }

    public long number(Column column) {
        return get(column, Long.class);
    }

    /** Empty if the row has none. */
    public String text(Column column) {
        return Objects.requireNonNullElse((String) values.get(column), "");
    }

    public UsageRow.Key key() {
        return new UsageRow.Key(UUID.fromString(text(Column.TRY_ID)), (int) number(Column.PART));
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
}
