package dev.warder.openai.chat;

import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tool that is offered to the model. Immutable.
 *
 * @param schema the JSON schema of its input
 * @param strict whether the model keeps exactly to the schema
 * @param cacheControl the client's {@code cache_control}, sent as it is
 * @param server the whole definition of a tool that the API itself runs; it has no description and no schema
 */
public record Tool(
        String name,
        Optional<String> description,
        JsonObject schema,
        boolean strict,
        Optional<JsonObject> cacheControl,
        Optional<JsonObject> server) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    public Tool(
            String name,
            Optional<String> description,
            JsonObject schema,
            boolean strict,
            Optional<JsonObject> cacheControl) {
        this(name, description, schema, strict, cacheControl, Optional.empty());
    }

    public static Tool server(String name, JsonObject definition) {
        return new Tool(
                name, Optional.empty(), JsonValue.EMPTY_JSON_OBJECT, false, Optional.empty(), Optional.of(definition));
    }

    public Tool named(String other) {
        return new Tool(other, description, schema, strict, cacheControl, server);
    }

    public Tool marked(JsonObject mark) {
        return new Tool(name, description, schema, strict, Optional.of(mark), server);
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    public static void checkName(Members owner, String name) throws RefusedException {
        if (!isName(name)) {
            throw owner.refused("name", "must be 1 to 128 letters, digits, _ and -.");
        }
    }
}
