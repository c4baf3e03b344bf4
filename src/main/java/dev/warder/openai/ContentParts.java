package dev.warder.openai;

import dev.warder.json.JsonTree;
import dev.warder.models.ModelCapabilities;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code content} of one message as blocks of the Messages API. Blank texts make no block, because the API accepts
 * none. Thread-safe.
 */
final class ContentParts {
    private static final String CONTENT = "content";
    private static final String CACHE = "cache_control";

    private final ModelCapabilities model;

    ContentParts(ModelCapabilities model) {
        this.model = model;
    }

    /** Texts, images and documents; the content must be there. */
    List<JsonObject> any(Members message) throws RefusedException {
        return blocks(message, needed(message), this::anyPart);
    }

    /** Texts only; the content must be there. */
    List<JsonObject> texts(Members message) throws RefusedException {
        return blocks(message, needed(message), ContentParts::textPart);
    }

    /** The content of an assistant's message, refusals included; there may be none. */
    List<JsonObject> said(Members message) throws RefusedException {
        var content = message.value(CONTENT);
        return content.isPresent() ? blocks(message, content.get(), ContentParts::saidPart) : List.of();
    }

    /** A block of a text that is not blank. */
    static Optional<JsonObject> textBlock(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text(text).build());
    }

    private static JsonObjectBuilder text(String text) {
        return JsonTree.typed("text").add("text", text);
    }

    private static JsonValue needed(Members message) throws RefusedException {
        return message.value(CONTENT).orElseThrow(() -> message.refused(CONTENT, "is missing."));
    }

    private static List<JsonObject> blocks(Members message, JsonValue content, PartReader reader)
            throws RefusedException {
        if (content instanceof JsonString text) {
            return textBlock(text.getString()).stream().toList();
        }
        if (!(content instanceof JsonArray parts)) {
            throw message.refused(CONTENT, "must be a string or an array.");
        }
        var blocks = new ArrayList<JsonObject>();
        for (int i = 0; i < parts.size(); i++) {
            var part = message.item(CONTENT, parts.get(i), i);
            var block = reader.read(part);
            if (block.isPresent()) {
                blocks.add(marked(part, block.get()));
            } else {
                part.ignore(CACHE);
            }
            part.ignoreRest();
        }
        return blocks;
    }

    private static JsonObject marked(Members part, JsonObjectBuilder block) throws RefusedException {
        part.json(CACHE).ifPresent(mark -> block.add(CACHE, mark));
        return block.build();
    }

    private Optional<JsonObjectBuilder> anyPart(Members part) throws RefusedException {
        return switch (part.text("type").orElse("")) {
            case "image_url" -> Optional.of(image(part));
            case "input_image" ->
                Optional.of(media(part, MediaSource.url(part, "image_url", part.needText("image_url"))));
            case "file", "input_file" -> Optional.of(file(part));
            case "input_audio" ->
                throw part.refused("type", "cannot be audio: the model takes text, images and files.");
            default -> textPart(part);
        };
    }

    private static Optional<JsonObjectBuilder> textPart(Members part) throws RefusedException {
        return switch (part.needText("type")) {
            case "text", "input_text", "output_text" -> notBlank(part.needText("text"));
            default -> throw part.refused("type", "is of a kind that is not supported here.");
        };
    }

    private static Optional<JsonObjectBuilder> saidPart(Members part) throws RefusedException {
        return part.text("type").orElse("").equals("refusal") ? notBlank(part.needText("refusal")) : textPart(part);
    }

    private static Optional<JsonObjectBuilder> notBlank(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text(text));
    }

    private JsonObjectBuilder image(Members part) throws RefusedException {
        var image = part.needObject("image_url");
        var id = image.text("file_id");
        var source = id.isPresent()
                ? MediaSource.id(image, "file_id", id.get(), ".png")
                : MediaSource.url(image, "url", image.needText("url"));
        image.ignoreRest();
        return media(part, source);
    }

    private JsonObjectBuilder file(Members part) throws RefusedException {
        var file = part.has("file") || part.text("type").orElse("").equals("file") ? part.needObject("file") : part;
        String name = file.text("filename").orElse("");
        var source = fileSource(file, name);
        var block = media(part, source);
        if (source.isImage() || name.isBlank()) {
            file.ignore("filename");
        } else {
            block.add("title", name);
        }
        if (file != part) {
            file.ignoreRest();
        }
        return block;
    }

    private static MediaSource fileSource(Members file, String name) throws RefusedException {
        var data = file.text("file_data");
        if (data.isPresent()) {
            return MediaSource.file(file, "file_data", data.get());
        }
        var url = file.text("file_url");
        if (url.isPresent()) {
            return MediaSource.documentUrl(file, "file_url", url.get());
        }
        return MediaSource.id(file, "file_id", file.needText("file_id"), name);
    }

    private JsonObjectBuilder media(Members part, MediaSource source) throws RefusedException {
        if (!(source.isImage() ? model.imageInput() : model.pdfInput())) {
            throw part.refused("type", "is of a kind that the model does not take.");
        }
        return JsonTree.typed(source.block()).add("source", source.source());
    }

    /** One part as a block; empty where it makes none. */
    @FunctionalInterface
    private interface PartReader {
        Optional<JsonObjectBuilder> read(Members part) throws RefusedException;
    }
}
