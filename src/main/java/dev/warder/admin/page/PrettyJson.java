package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * JSON for people to read and to edit. Characters that a page replaces because they cannot be seen are escapes here, so that they
 * come back as they were.
 */
public final class PrettyJson {
    private static final String INDENT = "  ";

    private static final int ONE_LINE = 90;

    private final StringBuilder text = new StringBuilder();

    private PrettyJson() {}

    /** A value; an object has at least a line for each member. */
    public static String of(JsonValue value) {
        var pretty = new PrettyJson();
        if (value instanceof JsonObject object && !object.isEmpty()) {
            pretty.add(object, "\n", true);
        } else {
            pretty.add(value, "\n");
        }
        return pretty.text.toString();
    }

    public static String of(String document) {
        return JsonTree.parseObject(document).map(PrettyJson::of).orElseGet(() -> visible(document));
    }

    /** A text with escapes of JSON in the place of characters that cannot be seen, and with line breaks of one character. */
    public static String visible(String text) {
        var seen = new StringBuilder();
        String lines = text.replace("\r\n", "\n").replace('\r', '\n');
        lines.codePoints().forEach(c -> {
            if (Templates.isShown(c)) {
                seen.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    seen.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            }
        });
        return seen.toString();
    }

    private void add(JsonValue value, String line) {
        String inOne = value.toString();
        if (value instanceof JsonArray || value instanceof JsonObject) {
            add(value, line, inOne.length() > ONE_LINE);
        } else {
            text.append(visible(inOne));
        }
    }

    private void add(JsonValue value, String line, boolean isLong) {
        String begin = isLong ? line : "";
        if (value instanceof JsonArray array) {
            items("[", array, begin, "]", item -> add(item, line + INDENT));
        } else {
            items("{", value.asJsonObject().entrySet(), begin, "}", member -> {
                text.append(visible(JsonTree.string(member.getKey()).toString()))
                        .append(": ");
                add(member.getValue(), line + INDENT);
            });
        }
    }

    private <T> void items(String open, Collection<T> items, String line, String close, Consumer<T> adding) {
        text.append(open);
        String between = "";
        for (var item : items) {
            text.append(between).append(line.isEmpty() ? "" : line + INDENT);
            adding.accept(item);
            between = line.isEmpty() ? ", " : ",";
        }
        text.append(line).append(close);
    }
}
