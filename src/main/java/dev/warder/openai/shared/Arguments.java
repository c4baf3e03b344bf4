package dev.warder.openai.shared;

import dev.warder.json.JsonTree;
import dev.warder.json.ValueCount;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON text of a tool call's arguments, held to the rules of a body: depth, digits and surrogates. A model may write any
 * text, for example one that ends at the limit of tokens, and clients send it back in each later request. Thread-safe.
 */
public final class Arguments {
    /** An escape, or two that are a surrogate pair. The group is half a pair alone. */
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(?:[^u]|u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}|(u[dD][89a-fA-F]\\p{XDigit}{2})|u)");

    private Arguments() {}

    /**
     * The object that the member holds; an empty one without arguments. The last member of a name counts, and half a
     * surrogate pair is replaced. Any other text is the only member of the object, and is listed.
     *
     * @param values counts the values of all calls of the request
     */
    public static JsonObject read(Members call, String member, ValueCount values) throws RefusedException {
        String text = call.text(member).orElse("");
        if (text.isBlank()) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        var object = parse(text, values).or(() -> Optional.of(withoutHalves(text))
                .filter(whole -> !whole.equals(text))
                .flatMap(whole -> parse(whole, values)));
        call.refuseIf(values.isTooHigh(), member, "must have fewer values.");
        if (object.isEmpty()) {
            call.ignore(member);
        }
        return object.orElseGet(() -> JsonTree.newObject().add(member, text).build());
    }

    private static Optional<JsonObject> parse(String text, ValueCount values) {
        return values.add(text) && !values.isTooHigh()
                ? JsonTree.parseDistinctObject(text).or(() -> JsonTree.parseObject(text))
                : Optional.empty();
    }

    private static String withoutHalves(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) == null ? found.group() : "\\ufffd"));
    }
}
