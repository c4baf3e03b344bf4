package dev.warder.openai.messages;

import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tool that is offered to the model. Immutable.
 *
 * @param schema the JSON schema of its input
 * @param strict whether the model keeps exactly to the schema
 * @param cacheControl the client's {@code cache_control}, sent as it is
 */
public record Tool(
        String name,
        Optional<String> description,
        JsonObject schema,
        boolean strict,
        Optional<JsonObject> cacheControl) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    /** Whether the Messages API accepts {@code name} as the name of a tool. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Refuses the member {@code name} of {@code owner} unless it is the name of a tool. */
    public static void checkName(Members owner, String name) throws RefusedException {
        if (!isName(name)) {
            throw owner.refused("name", "must be 1 to 128 letters, digits, _ and -.");
        }
    }
}
