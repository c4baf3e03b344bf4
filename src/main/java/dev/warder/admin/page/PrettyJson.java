package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import jakarta.json.JsonValue;
import java.util.Locale;

/**
 * JSON for people to read and to edit. Characters that a page replaces because they cannot be seen are escapes here, so that they
 * come back as they were.
 */
public final class PrettyJson {
    private PrettyJson() {}

    public static String of(JsonValue value) {
        return visible(JsonTree.lines(value));
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
}
