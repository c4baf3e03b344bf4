package dev.warder.openai.shared;

import dev.warder.http.Sha256;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Tools that are offered to the model, as the Messages API has them. Thread-safe. */
public final class Tool {
    static final String SCHEMA = "input_schema";

    private static final String NAME = "name";
    private static final Pattern NAMES = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    private static final Pattern NOT_ACCEPTED = Pattern.compile("[^a-zA-Z0-9_-]");

    private Tool() {}

    /**
     * A tool that the client runs.
     *
     * @param schema the JSON schema of its input
     * @param strict whether the model keeps exactly to the schema
     */
    public static JsonObject of(String name, Optional<String> description, JsonObject schema, boolean strict) {
        var tool = JsonTree.newObject().add(NAME, name);
        description.ifPresent(text -> tool.add("description", text));
        tool.add(SCHEMA, schema);
        return (strict ? tool.add("strict", true) : tool).build();
    }

    /** The description with a text about its namespace, which may be empty. */
    static Optional<String> described(Optional<String> description, String about) {
        return about.isEmpty() ? description : Optional.of((description.orElse("") + about).strip());
    }

    public static JsonObject named(JsonObject tool, String name) {
        return JsonTree.newObject(tool).add(NAME, name).build();
    }

    public static String name(JsonObject tool) {
        return JsonTree.text(tool, NAME);
    }

    public static boolean isName(String name) {
        return NAMES.matcher(name).matches();
    }

    public static void checkName(Members owner, String name) throws RefusedException {
        owner.refuseIf(!isName(name), NAME, "must be 1 to 128 letters, digits, _ and -.");
    }

    /**
     * A name to send in place of one of a tool or a property: its beginning and a hash of the seed, the same in each request.
     *
     * @param longest characters of the beginning, at most
     * @param bytes of the hash, two hexadecimal digits for each
     * @param isFree refuses names that are in use; further hashes of the seed are tried until it accepts one
     */
    public static String replacement(String name, String seed, int longest, int bytes, Predicate<String> isFree) {
        String start = name.substring(0, Math.min(name.length(), longest));
        String beginning = NOT_ACCEPTED.matcher(start).replaceAll("_") + "_";
        String sent = beginning + Sha256.hex(seed, bytes);
        for (int i = 0; !isFree.test(sent); i++) {
            sent = beginning + Sha256.hex(i + seed, bytes);
        }
        return sent;
    }
}
