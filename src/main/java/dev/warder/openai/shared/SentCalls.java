package dev.warder.openai.shared;

import dev.warder.http.Sha256;
import dev.warder.json.JsonTree;
import dev.warder.json.ValueCount;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ids and the arguments that are sent for the tool calls of one conversation. Each id is sent once. The JSON text of
 * arguments is held to the rules of a body: depth, digits and surrogates. A model may write any text, for example one that ends
 * at the limit of tokens, and clients send it back in each later request. One thread at a time.
 */
public final class SentCalls {
    private static final Pattern ACCEPTED = Pattern.compile("[a-zA-Z0-9_-]{1,256}");

    /** An escape, or two that are a surrogate pair. The group is half a pair alone. */
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(?:[^u]|u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}|(u[dD][89a-fA-F]\\p{XDigit}{2})|u)");

    private final Set<String> ids = new HashSet<>();
    private final ValueCount values = new ValueCount();

    public String id(String id, String path) {
        String sent = ACCEPTED.matcher(id).matches() ? id : hashed(id);
        if (!ids.add(sent)) {
            // Some clients restart the count of calls in each turn; the API requires ids that are unique in the
            // conversation.
            sent = hashed(path + " " + id);
            ids.add(sent);
        }
        return sent;
    }

    private static String hashed(String text) {
        return "call_" + Sha256.hex(text).substring(0, 32);
    }

    /**
     * The object that the member holds; an empty one without arguments. The last member of a name counts, and half a
     * surrogate pair is replaced. Any other text is the only member of the object, and is listed.
     */
    public JsonObject arguments(Members call, String member) throws RefusedException {
        String text = call.text(member).orElse("");
        if (text.isBlank()) {
            return JsonValue.EMPTY_JSON_OBJECT;
        }
        var object = parse(text).or(() -> Optional.of(withoutHalves(text))
                .filter(whole -> !whole.equals(text))
                .flatMap(this::parse));
        call.refuseIf(values.isTooHigh(), member, "must have fewer values.");
        if (object.isEmpty()) {
            call.ignore(member);
        }
        return object.orElseGet(() -> JsonTree.newObject().add(member, text).build());
    }

    private Optional<JsonObject> parse(String text) {
        return values.add(text) && !values.isTooHigh()
                ? JsonTree.parseDistinctObject(text).or(() -> JsonTree.parseObject(text))
                : Optional.empty();
    }

    private static String withoutHalves(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) == null ? found.group() : "\\ufffd"));
    }
}
