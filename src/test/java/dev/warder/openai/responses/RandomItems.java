package dev.warder.openai.responses;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A conversation of a seed: turns with texts, images, reasoning, and calls of all kinds with their outputs. */
final class RandomItems {
    private static final String[] KINDS = {"function_call", "custom_tool_call", "local_shell_call", "apply_patch_call"};

    private final Random random;
    private final JsonArrayBuilder items = JsonTree.newArray();
    private final List<String> content = new ArrayList<>();
    private final List<String> system = new ArrayList<>();
    private final JsonObject request;
    private int count;

    RandomItems(long seed) {
        random = new Random(seed);
        int turns = 1 + random.nextInt(6);
        for (int i = 0; i < turns; i++) {
            user();
            model();
        }
        user();
        var tools = JsonTree.newArray()
                .add(JsonTree.typed("function").add("name", "f"))
                .add(JsonTree.typed("namespace")
                        .add("name", "n")
                        .add(
                                "tools",
                                JsonTree.newArray().add(JsonTree.typed("custom").add("name", "p"))));
        request = JsonTree.newObject()
                .add("model", ItemsSample.NEW)
                .add("input", items)
                .add("tools", tools)
                .build();
    }

    JsonObject request() {
        return request;
    }

    /** What the turns have, in their order. */
    List<String> content() {
        return content;
    }

    /** The texts of the system prompt. */
    List<String> system() {
        return system;
    }

    private void user() {
        if (random.nextInt(4) == 0) {
            system.add(text());
            items.add(JsonTree.newObject().add("role", "developer").add("content", system.get(system.size() - 1)));
        }
        var parts = JsonTree.newArray();
        int many = 1 + random.nextInt(3);
        for (int i = 0; i < many; i++) {
            parts.add(part("input_text"));
        }
        items.add(JsonTree.newObject().add("role", "user").add("content", parts));
    }

    private JsonObjectBuilder part(String type) {
        String text = text();
        if (random.nextInt(3) == 0) {
            content.add("image " + count);
            return JsonTree.typed("input_image").add("detail", "auto").add("image_url", "https://example.com/" + count);
        }
        content.add("text " + text);
        return JsonTree.typed(type).add("text", text);
    }

    private void model() {
        int rounds = random.nextInt(3);
        for (int i = 0; i < rounds; i++) {
            reasoning();
            calls();
        }
        String text = text();
        content.add("text " + text);
        items.add(JsonTree.newObject()
                .add("role", "assistant")
                .add(
                        "content",
                        JsonTree.newArray().add(JsonTree.typed("output_text").add("text", text))));
    }

    private void reasoning() {
        if (random.nextBoolean()) {
            var block = JsonTree.typed("thinking")
                    .add("thinking", text())
                    .add("signature", "c2ln" + count)
                    .build();
            content.add("raw " + block);
            String sealed = ItemsSample.SEAL.seal(("[" + block + "]").getBytes(StandardCharsets.UTF_8));
            items.add(JsonTree.typed("reasoning")
                    .add("summary", JsonTree.newArray())
                    .add("encrypted_content", sealed));
        }
    }

    private void calls() {
        var outputs = new ArrayList<JsonObjectBuilder>();
        var results = new ArrayList<String>();
        int many = 1 + random.nextInt(3);
        for (int i = 0; i < many; i++) {
            String id = "call_" + ++count;
            String kind = KINDS[random.nextInt(KINDS.length)];
            items.add(call(kind, id));
            String result = text();
            results.add("result " + id);
            boolean patch = kind.equals("apply_patch_call");
            results.add("text " + (patch ? "completed\n" : "") + result);
            var output = JsonTree.typed(kind + "_output").add("call_id", id).add("output", result);
            outputs.add(patch ? output.add("status", "completed") : output);
        }
        outputs.forEach(items::add);
        content.addAll(results);
    }

    private JsonObjectBuilder call(String kind, String id) {
        var call = JsonTree.typed(kind).add("call_id", id);
        String text = text();
        JsonObject input;
        String name;
        switch (kind) {
            case "function_call" -> {
                input = JsonTree.newObject()
                        .add("a", text)
                        .add("b", JsonTree.newArray().add(count))
                        .build();
                name = "f";
                call.add("name", "f").add("arguments", input.toString());
            }
            case "custom_tool_call" -> {
                input = JsonTree.newObject().add("input", text).build();
                name = "n__p";
                call.add("name", "p").add("namespace", "n").add("input", text);
            }
            case "local_shell_call" -> {
                input = JsonTree.newObject()
                        .add("command", JsonTree.newArray().add(text))
                        .build();
                name = "local_shell";
                call.add("action", JsonTree.newObject(input).add("type", "exec").add("env", JsonTree.newObject()));
            }
            default -> {
                input = JsonTree.typed("create_file")
                        .add("path", "p")
                        .add("diff", text)
                        .build();
                name = "apply_patch";
                call.add("operation", input);
            }
        }
        content.add("call " + id + " " + name + " " + input);
        return call;
    }

    private String text() {
        return "t" + ++count + (random.nextBoolean() ? " \u00e9\ud83d\ude00\"\\ " : "");
    }
}
