package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.openai.chat.ChatFrames;
import dev.warder.openai.chat.ChatResponse;
import dev.warder.openai.chat.Talk;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;

/**
 * A conversation of the Messages API as one of chat completions: turns of the assistant as the translation of answers
 * tells them, whole or as a stream in random pieces, all else by code of its own.
 */
final class WayBack {
    private final Random random;
    private final JsonArrayBuilder messages = JsonTree.newArray();

    WayBack(Random random) {
        this.random = random;
    }

    JsonArray messages(JsonObject message) {
        if (message.containsKey("system")) {
            message.getJsonArray("system")
                    .getValuesAs(JsonObject.class)
                    .forEach(text -> add("system", text.getJsonString("text")));
        }
        for (var turn : message.getJsonArray("messages").getValuesAs(JsonObject.class)) {
            var blocks = turn.getJsonArray("content");
            if (turn.getString("role").equals("assistant")) {
                messages.add(random.nextBoolean() ? whole(blocks) : streamed(blocks));
            } else {
                user(blocks);
            }
        }
        return messages.build();
    }

    private void add(String role, JsonValue content) {
        messages.add(JsonTree.newObject().add("role", role).add("content", content));
    }

    private void user(JsonArray blocks) {
        var parts = JsonTree.newArray();
        for (var block : blocks.getValuesAs(JsonObject.class)) {
            if (block.getString("type").equals("tool_result")) {
                var content = JsonTree.newArray();
                block.getJsonArray("content").getValuesAs(JsonObject.class).forEach(part -> content.add(part(part)));
                messages.add(JsonTree.newObject()
                        .add("role", "tool")
                        .add("tool_call_id", block.getString("tool_use_id"))
                        .add("content", content));
            } else {
                parts.add(part(block));
            }
        }
        add("user", parts.build());
    }

    private static JsonObjectBuilder part(JsonObject block) {
        if (block.getString("type").equals("text")) {
            return JsonTree.typed("text").add("text", block.getString("text"));
        }
        var source = block.getJsonObject("source");
        String url = source.getString("type").equals("url")
                ? source.getString("url")
                : "data:" + source.getString("media_type") + ";base64," + source.getString("data");
        return block.getString("type").equals("image")
                ? JsonTree.typed("image_url")
                        .add("image_url", JsonTree.newObject().add("url", url))
                : JsonTree.typed("file")
                        .add(
                                "file",
                                JsonTree.newObject().add("file_data", url).add("filename", block.getString("title")));
    }

    private static JsonObject whole(JsonArray blocks) {
        var answer = JsonTree.typed("message")
                .add("role", "assistant")
                .add("content", blocks)
                .add("stop_reason", "end_turn");
        byte[] body = answer.build().toString().getBytes(StandardCharsets.UTF_8);
        var completion = new ChatResponse(Talk.PLAIN, "x", Instant.EPOCH)
                .completion(body)
                .orElseThrow();
        return Talk.object(new String(completion, StandardCharsets.UTF_8))
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message");
    }

    private JsonObject streamed(JsonArray blocks) {
        var events = new StringBuilder(Talk.start());
        for (int i = 0; i < blocks.size(); i++) {
            var block = blocks.getJsonObject(i);
            boolean text = block.getString("type").equals("text");
            events.append(text ? Talk.beginText(i) : Talk.beginTool(i, block.getString("id"), block.getString("name")));
            String said = text
                    ? block.getString("text")
                    : block.getJsonObject("input").toString();
            for (int at = 0; at < said.length(); ) {
                int end = said.offsetByCodePoints(
                        at, Math.min(1 + random.nextInt(4), said.codePointCount(at, said.length())));
                String piece = said.substring(at, end);
                events.append(text ? Talk.text(i, piece) : Talk.input(i, piece));
                at = end;
            }
            events.append(Talk.stop(i));
        }
        events.append(Talk.end("end_turn"));
        return joined(ChatFrames.of(chunks(events.toString().getBytes(StandardCharsets.UTF_8))));
    }

    private byte[] chunks(byte[] events) {
        var stream = new ChatResponse(Talk.PLAIN, "x", Instant.EPOCH).stream(100_000);
        var chunks = new ByteArrayOutputStream();
        for (int at = 0; at < events.length; ) {
            int end = Math.min(events.length, at + 1 + random.nextInt(500));
            chunks.writeBytes(stream.feed(ByteBuffer.wrap(events, at, end - at)));
            at = end;
        }
        chunks.writeBytes(stream.end());
        return chunks.toByteArray();
    }

    private static JsonObject joined(ChatFrames frames) {
        var calls = JsonTree.newArray();
        for (int i = 0; !frames.calls(i).isEmpty(); i++) {
            var first = frames.calls(i).get(0);
            var function = JsonTree.newObject()
                    .add("name", first.getJsonObject("function").getString("name"))
                    .add("arguments", frames.arguments(i));
            calls.add(
                    JsonTree.typed("function").add("id", first.getString("id")).add("function", function));
        }
        String content = frames.joined("content");
        var message = JsonTree.newObject().add("role", "assistant").add("tool_calls", calls);
        return (content.isEmpty() ? message.addNull("content") : message.add("content", content)).build();
    }
}
