package dev.warder.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names and values of a form or query ({@code application/x-www-form-urlencoded}). The text form shows none of
 * them.
 *
 * @param values by name, each name once
 */
public record Form(Map<String, String> values) {
    public static final Form NONE = new Form(Map.of());

    public Form {
        values = Map.copyOf(values);
    }

    /** Reads a text; empty when an escape is malformed or a name occurs twice (RFC 6749, section 3.1). */
    public static Optional<Form> parse(String text) {
        var values = new HashMap<String, String>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            try {
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                if (!pair.isEmpty() && values.put(name, value) != null) {
                    return Optional.empty();
                }
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
        return Optional.of(new Form(values));
    }

    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    @Override
    public String toString() {
        return "Form";
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
