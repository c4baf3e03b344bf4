package dev.warder.ledger;

import dev.warder.json.JsonText;
import dev.warder.ledger.store.Column;
import dev.warder.ledger.store.LedgerRow;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How lines of the ledger are exported. */
public enum LineFormat {
    /** RFC 4180, with a line of titles. */
    CSV("csv", "text/csv;charset=utf-8", Column.titles(",").concat("\r\n"), "incomplete\r\n") {
        @Override
        String line(LedgerRow row) {
            return Column.ALL.stream().map(column -> field(row.get(column))).collect(Collectors.joining(",")) + "\r\n";
        }
    },
    /** One JSON object in each line; a value that is not known is null, and exact amounts are strings. */
    JSONL("jsonl", "application/jsonl;charset=utf-8", "", "{\"incomplete\":true}\n") {
        @Override
        String line(LedgerRow row) {
            return Column.ALL.stream()
                    .map(column -> "\"" + column.title() + "\":" + json(row.get(column)))
                    .collect(Collectors.joining(",", "{", "}\n"));
        }
    };

    private final String word;
    private final String contentType;
    private final String begin;
    private final String incomplete;

    LineFormat(String word, String contentType, String begin, String incomplete) {
        this.word = word;
        this.contentType = contentType;
        this.begin = begin;
        this.incomplete = incomplete;
    }

    public static Optional<LineFormat> named(String word) {
        return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }

    public String word() {
        return word;
    }

    public String contentType() {
        return contentType;
    }

    String begin() {
        return begin;
    }

    /** The last line of an export that was not read to its end. */
    public String incomplete() {
        return incomplete;
    }

    abstract String line(LedgerRow row);

    private static String field(@Nullable Object value) {
        return value instanceof String text ? CsvText.field(text) : plain(value);
    }

    private static String plain(@Nullable Object value) {
        if (value instanceof BigDecimal exact) {
            return exact.stripTrailingZeros().toPlainString();
        }
        return value == null ? "" : value.toString();
    }

    private static String json(@Nullable Object value) {
        if (value == null || value instanceof Long || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return JsonText.quote(plain(value));
    }
}
