package dev.warder.openai.shared;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code content} of one message as blocks. A blank text makes no block, because the API accepts none. Thread-safe. */
public record ContentParts(ModelCapabilities model) {
    private static final String CONTENT = "content";
    private static final String IMAGE = "image";
    private static final String DOCUMENT = "document";

    public List<JsonObject> any(Members message) throws RefusedException {
        return any(message, CONTENT);
    }

    public List<JsonObject> any(Members owner, String name) throws RefusedException {
        return blocks(owner, name, this::anyPart);
    }

    public List<JsonObject> texts(Members message) throws RefusedException {
        return blocks(message, CONTENT, ContentParts::textPart);
    }

    /**
     * The content of a user's message, in which a part may be a block of the Messages API.
     *
     * @param result reads the result of a tool
     */
    public List<JsonObject> ofUser(Members message, Members.Reader<JsonObject> result) throws RefusedException {
        return blocks(
                message, CONTENT, part -> isType(part, Blocks.RESULT) ? Optional.of(result.read(part)) : anyPart(part));
    }

    /** The content of an assistant's message, refusals included; there may be none. */
    public List<JsonObject> ofAssistant(Members message) throws RefusedException {
        return ofAssistant(message, ContentParts::assistantPart);
    }

    /**
     * The same, in which a part may be a block of the Messages API.
     *
     * @param call reads the call of a tool
     */
    public List<JsonObject> ofAssistantWithCalls(Members message, Members.Reader<JsonObject> call)
            throws RefusedException {
        return ofAssistant(message, part -> switch (part.text("type").orElse("")) {
            case Blocks.USE -> Optional.of(call.read(part));
            case Blocks.THINKING -> thinking(part);
            case Blocks.REDACTED ->
                Optional.of(JsonTree.typed(Blocks.REDACTED)
                        .add("data", part.needText("data"))
                        .build());
            default -> assistantPart(part);
        });
    }

    private static List<JsonObject> ofAssistant(Members message, Members.Reader<Optional<JsonObject>> reader)
            throws RefusedException {
        return message.has(CONTENT) ? blocks(message, CONTENT, reader) : List.of();
    }

    /** @param reader reads the content of one part; empty where the part makes no block */
    private static List<JsonObject> blocks(Members owner, String name, Members.Reader<Optional<JsonObject>> reader)
            throws RefusedException {
        var value = owner.need(name);
        if (value instanceof JsonString text) {
            return Blocks.text(text.getString()).stream().toList();
        }
        owner.refuseIf(!(value instanceof JsonArray), name, "must be a string or an array.");
        var blocks = new ArrayList<JsonObject>();
        owner.each(name, part -> {
            var content = reader.read(part);
            if (content.isPresent() && !Blocks.isThinking(content.get())) {
                blocks.add(Blocks.marked(content.get(), PromptCache.read(part)));
            } else {
                // Thinking takes no breakpoint.
                PromptCache.ignore(part);
                content.ifPresent(blocks::add);
            }
            part.ignoreRest();
        });
        return blocks;
    }

    private Optional<JsonObject> anyPart(Members part) throws RefusedException {
        return switch (part.text("type").orElse("")) {
            case "image_url" -> Optional.of(image(part));
            case "input_image" -> Optional.of(inputImage(part));
            case "file", "input_file" -> Optional.of(file(part));
            case IMAGE, DOCUMENT -> Optional.of(block(part));
            case "input_audio" ->
                throw part.refused("type", "cannot be audio: the model takes text, images and files.");
            default -> textPart(part);
        };
    }

    private static Optional<JsonObject> textPart(Members part) throws RefusedException {
        return switch (part.needText("type")) {
            case "text", "input_text" -> Blocks.text(part.needText("text"));
            case "output_text" -> outputText(part);
            default -> throw part.refused("type", "is of a kind that is not supported here.");
        };
    }

    /** A text of an earlier response; its lists are there even if they are empty. */
    private static Optional<JsonObject> outputText(Members part) throws RefusedException {
        for (String list : List.of("annotations", "logprobs")) {
            if (part.array(list).filter(found -> !found.isEmpty()).isPresent()) {
                part.ignore(list);
            }
        }
        return Blocks.text(part.needText("text"));
    }

    private static Optional<JsonObject> assistantPart(Members part) throws RefusedException {
        return isType(part, "refusal") ? Blocks.text(part.needText("refusal")) : textPart(part);
    }

    /** Thinking without a signature, which clients write that have read its text only, is listed: the API refuses it. */
    private static Optional<JsonObject> thinking(Members part) throws RefusedException {
        String text = part.needText(Blocks.THINKING);
        var signature = part.text("signature").filter(found -> !found.isEmpty());
        if (signature.isEmpty()) {
            part.list(Blocks.THINKING);
        }
        return signature.map(found -> JsonTree.typed(Blocks.THINKING)
                .add(Blocks.THINKING, text)
                .add("signature", found)
                .build());
    }

    private static boolean isType(Members part, String type) throws RefusedException {
        return part.text("type").orElse("").equals(type);
    }

    /** An image or a document in the form of the Messages API. */
    private JsonObject block(Members part) throws RefusedException {
        var source = part.needObject("source");
        var found = MediaSource.ofBlock(source, isType(part, IMAGE));
        source.ignoreRest();
        if (found.isImage()) {
            return media(part, found, Optional.empty());
        }
        var block = JsonTree.newObject(media(part, found, part.text("title")));
        part.text("context").ifPresent(context -> block.add("context", context));
        return block.build();
    }

    private JsonObject image(Members part) throws RefusedException {
        var image = part.needObject("image_url");
        var source = imageSource(image, "url");
        image.ignoreRest();
        return media(part, source, Optional.empty());
    }

    private JsonObject inputImage(Members part) throws RefusedException {
        if (part.text("detail").filter(detail -> !detail.equals("auto")).isPresent()) {
            part.ignore("detail");
        }
        return media(part, imageSource(part, "image_url"), Optional.empty());
    }

    private static MediaSource imageSource(Members image, String url) throws RefusedException {
        var id = image.text("file_id");
        return id.isPresent()
                ? MediaSource.id(image, "file_id", id.get(), ".png")
                : MediaSource.url(image, url, image.needText(url));
    }

    private JsonObject file(Members part) throws RefusedException {
        var file = part.has("file") || isType(part, "file") ? part.needObject("file") : part;
        String name = file.text("filename").orElse("");
        var source = fileSource(file, name);
        boolean isTitle = !source.isImage() && !name.isBlank();
        var media = media(part, source, isTitle ? Optional.of(name) : Optional.empty());
        if (!isTitle) {
            file.ignore("filename");
        }
        if (file != part) {
            file.ignoreRest();
        }
        return media;
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

    private JsonObject media(Members part, MediaSource source, Optional<String> title) throws RefusedException {
        part.refuseIf(
                !(source.isImage() ? model.imageInput() : model.pdfInput()),
                "type",
                "is of a kind that the model does not take.");
        var media = JsonTree.typed(source.isImage() ? IMAGE : DOCUMENT).add("source", source.json());
        title.ifPresent(text -> media.add("title", text));
        return media.build();
    }
}
