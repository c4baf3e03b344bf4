package dev.warder.record;

import dev.warder.json.JsonText;
import java.util.Set;

/**
 * A line of the access log as a JSON object with the same names. Fields whose value is unknown are left out. A text keeps the
 * line's escapes, which are also those of JSON.
 */
final class JsonLine {
    private static final String UNKNOWN = "-";
    private static final Set<String> NUMBERS = Set.of(
            "status",
            "in",
            "out",
            "ttfb",
            "total",
            "tries",
            "input",
            "write5m",
            "write1h",
            "read",
            "output",
            "searches",
            "cost");

    private JsonLine() {}

    /** @param line {@code NAME=VALUE}, separated by single spaces; a value has no space */
    static String of(String line) {
        var json = new StringBuilder(line.length() + 160).append('{');
        for (String field : line.split(" ")) {
            int end = field.indexOf('=');
            String name = field.substring(0, end);
            String value = field.substring(end + 1);
            if (!value.equals(UNKNOWN)) {
                json.append(json.length() == 1 ? "" : ",")
                        .append(JsonText.quote(name))
                        .append(':');
                json.append(NUMBERS.contains(name) ? value : '"' + value.replace("\"", "\\\"") + '"');
            }
        }
        return json.append('}').toString();
    }
}
