package dev.warder.edit;

import dev.warder.body.Bodies;
import dev.warder.body.Chunks;
import dev.warder.json.JsonException;
import dev.warder.json.JsonOutline;
import dev.warder.json.OutlineScanner;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;

/** A spliced body is JSON again, differs in {@code system} alone, and needs no second splice. */
public final class SpliceFuzz {
    private static final List<String> TEXTS = List.of("Answer briefly.", "\"\\\u0001\ud83d\ude00\n", " x ");

    private SpliceFuzz() {}

    /** The first byte chooses the prompt; the rest is a body. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        var prompt = new SystemPrompt(TEXTS.get((data[0] & 0xff) % TEXTS.size()));
        var body = Bodies.of(Arrays.copyOfRange(data, 1, data.length));
        JsonOutline outline;
        try {
            outline = OutlineScanner.outline(body);
        } catch (JsonException refused) {
            return;
        }
        var before = Bodies.text(body);
        var splices = prompt.splices(outline, body);
        var edited = Bodies.of(Bodies.text(body.splice(splices)));
        check(prompt, edited, splices.isEmpty(), before);
    }

    private static void check(SystemPrompt prompt, Chunks edited, boolean untouched, String before) {
        try {
            var again = OutlineScanner.outline(edited);
            check(prompt.splices(again, edited).isEmpty(), "spliced twice");
            check(untouched == Bodies.text(edited).equals(before), "changed without need");
            var after = Bodies.text(edited);
            if (before.length() < 512) {
                check(without(before).equals(without(after)), "another member changed");
            }
        } catch (JsonException broken) {
            throw new AssertionError("no JSON any more", broken);
        }
    }

    private static JsonObject without(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return Json.createObjectBuilder(reader.readObject())
                    .remove("system")
                    .build();
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
