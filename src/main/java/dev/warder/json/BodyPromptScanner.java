package dev.warder.json;

import dev.warder.body.Chunks;
import dev.warder.json.BodyCosts.BodyPrompt;
import java.util.BitSet;
import java.util.List;

/** Finds the {@link BodyPrompt} of a body in the same pass as its outline. Memory: constant. One thread at a time. */
final class BodyPromptScanner {
    private static final int OF_ELEMENT = 3;

    private static final List<String> CLIENT_TOOLS =
            List.of("custom", "bash_", "text_editor_", "computer_", "memory_", "browser_");

    /** The beginnings of the types of tools by which the upstream searches the web or fetches from it. */
    private static final List<String> WEB_TOOLS = List.of("web_search", "web_fetch");

    private final Chunks body;

    /** The depths of the members of each {@code source} that is open, and of the innermost one; negative outside. */
    private final BitSet sources = new BitSet();

    private int source = -1;

    /**
     * The depth of the members of a block that the upstream reads as a block: only {@code content} leads there. Elsewhere,
     * such as in the input of a tool, what looks like an image is text.
     */
    private int blocks;

    private ImageSource image = new ImageSource();
    private boolean refersElsewhere;
    private boolean grows;
    private boolean usesWeb;
    private boolean hasFile;
    private int images;
    private long imageBytes;

    BodyPromptScanner(Chunks body) {
        this.body = body;
    }

    BodyPrompt prompt() {
        return new BodyPrompt(refersElsewhere, grows, usesWeb, hasFile, images, imageBytes, 0);
    }

    void open(BodyPlace place, JsonKind kind) {
        int depth = place.depth;
        if (depth == 1) {
            blocks = place.isIn("messages") ? OF_ELEMENT : 0;
        }
        // A tool within another one hides its type.
        boolean isMcpServer = depth == 2 && place.isIn("mcp_servers");
        usesWeb |= isMcpServer;
        grows |= place.isTop("container") || isMcpServer || place.isHidden();
        if (place.name.equals("source") && kind == JsonKind.OBJECT) {
            source = depth + 1;
            sources.set(source);
            // One within another is no image, whatever the outer one was.
            hasFile |= image.base64;
            image = new ImageSource();
        } else if (depth == blocks && depth != source && place.name.equals("content") && kind == JsonKind.ARRAY) {
            blocks = depth + 2;
        }
    }

    void close(BodyPlace place) {
        int depth = place.depth;
        if (source == depth + 1) {
            add(image, depth == blocks);
            sources.clear(source);
            source = sources.previousSetBit(depth);
            image = new ImageSource();
        }
        if (blocks == depth + 2) {
            blocks = depth;
        }
    }

    private void add(ImageSource ended, boolean isOfBlock) {
        if (ended.isImage()) {
            images++;
            imageBytes += isOfBlock ? ended.dataBytes : 0;
        } else {
            hasFile |= ended.base64;
        }
    }

    void string(BodyPlace place, long from, long to) {
        grows |= place.isTop("container");
        boolean isType = place.name.equals("type");
        if (place.depth != source) {
            if (isType && (place.depth == OF_ELEMENT && place.isIn("tools") || place.inDefinition())) {
                usesWeb |= isOneOf(WEB_TOOLS, from, to);
                grows |= !isOneOf(CLIENT_TOOLS, from, to);
            } else if (isType && place.depth == blocks) {
                grows |= is(from, to, "container_upload");
            }
        } else if (isType) {
            boolean isUrl = is(from, to, "url");
            // Also that of an image in a document of blocks.
            usesWeb |= isUrl && sources.get(blocks + 1);
            refersElsewhere |= isUrl || is(from, to, "file");
            boolean isBase64 = is(from, to, "base64");
            image.base64 |= isBase64;
            image.otherType |= !isBase64;
        } else if (place.name.equals("media_type")) {
            boolean isImage = new JsonText(body, from, to).startsWith("image/");
            image.imageMedia |= isImage;
            image.otherMedia |= !isImage;
        } else if (place.name.equals("data")) {
            image.dataBytes += to - from;
        }
    }

    private boolean isOneOf(List<String> beginnings, long from, long to) {
        var type = new JsonText(body, from, to);
        return beginnings.stream().anyMatch(type::startsWith);
    }

    private boolean is(long from, long to, String text) {
        return new JsonText(body, from, to).is(text);
    }

    /**
     * A {@code source} that is being read. Which of two members of the same name the upstream reads is not known,
     * so all have to agree that it is an image. One thread at a time.
     */
    private static final class ImageSource {
        private boolean base64;
        private boolean otherType;
        private boolean imageMedia;
        private boolean otherMedia;
        private long dataBytes;

        boolean isImage() {
            return base64 && !otherType && imageMedia && !otherMedia;
        }
    }
}
