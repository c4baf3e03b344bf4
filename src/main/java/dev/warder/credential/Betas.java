package dev.warder.credential;

import dev.warder.http.Field;
import dev.warder.http.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The {@code anthropic-beta} field of a request, as the client sent it. It is rewritten only to join several lines in
 * their order, or to append what a credential needs.
 */
final class Betas {
    private static final String OAUTH = "oauth-2025-04-20";

    private Betas() {}

    /** The fields with at most one line of betas, in the place of the first. */
    static List<Field> joined(List<Field> fields) {
        var lines = lines(fields);
        return lines.size() < 2 ? List.copyOf(fields) : replaced(fields, join(lines));
    }

    /** The same, with the beta for OAuth tokens at the end unless the client named it. */
    static List<Field> withOauth(List<Field> fields) {
        String sent = join(lines(fields));
        boolean named = Arrays.stream(sent.split(",")).map(String::strip).anyMatch(OAUTH::equals);
        if (named) {
            return joined(fields);
        }
        return replaced(fields, sent.isEmpty() ? OAUTH : sent + "," + OAUTH);
    }

    private static List<Field> lines(List<Field> fields) {
        var lines = new ArrayList<Field>(1);
        for (var field : fields) {
            if (isBeta(field)) {
                lines.add(field);
            }
        }
        return lines;
    }

    private static String join(List<Field> lines) {
        var values = lines.stream().map(Field::value).filter(value -> !value.isBlank());
        return String.join(",", values.toList());
    }

    private static List<Field> replaced(List<Field> fields, String value) {
        var result = new ArrayList<Field>();
        boolean placed = false;
        for (var field : fields) {
            if (!isBeta(field)) {
                result.add(field);
            } else if (!placed) {
                result.add(new Field(field.name(), value));
                placed = true;
            }
        }
        if (!placed) {
            result.add(new Field(Fields.ANTHROPIC_BETA, value));
        }
        return List.copyOf(result);
    }

    private static boolean isBeta(Field field) {
        return field.name().equalsIgnoreCase(Fields.ANTHROPIC_BETA);
    }
}
