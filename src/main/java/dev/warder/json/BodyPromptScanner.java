package dev.warder.json;

import dev.warder.body.Chunks;
import java.util.BitSet;
import java.util.List;

/** Finds the {@link BodyPrompt} of a body in the same pass as its outline. Memory: constant. One thread at a time. */
final class BodyPromptScanner {
    /** The depth of the members of the elements of a top-level array. */
    private static final int OF_ELEMENT = 3;

    /** The beginnings of the types of tools that the client runs. */
    private static final List<String> CLIENT_TOOLS =
            List.of("custom", "bash_", "text_editor_", "computer_", "memory_", "browser_");

    /** The beginnings of the types of tools by which the upstream searches the web or fetches from it. */
    private static final List<String> WEB_TOOLS = List.of("web_search", "web_fetch");

    /** The kinds of top-level members. */
    private enum Top {
        OTHER,
        CONTAINER,
        SERVERS,
        TOOLS,
        MESSAGES
    }

    /** The kinds of members below. */
    private enum Name {
        OTHER,
        SOURCE,
        TYPE,
        TYPE_OF_BLOCK,
        DEFINITION,
        MEDIA_TYPE,
        DATA,
        CONTENT
    }

    private final Chunks body;
    private Top top = Top.OTHER;
    private Name name = Name.OTHER;

    /** The depths of the members of each {@code source} that is open, and of the innermost one; negative outside. */
    private final BitSet sources = new BitSet();

    private int source = -1;

    /** The depth of the members of the tool that a message adds; negative outside. */
    private int definition = -1;

    /**
     * The depth of the members of a block that the upstream reads as a block: only {@code content} leads there. Elsewhere, such
     * as in the input of a tool, what looks like an image is text.
     */
    private int blocks;

    private ImageSource image = new ImageSource();
    private boolean refersElsewhere;
    private boolean grows;
    private boolean searches;
    private boolean hasFile;
    private int images;
    private long imageBytes;

    BodyPromptScanner(Chunks body) {
        this.body = body;
    }

    /** What was found so far. */
    BodyPrompt prompt() {
        return new BodyPrompt(refersElsewhere, grows, searches, hasFile, images, imageBytes, 0);
    }

    /** Handles a member's name in an object at this depth. */
    void name(int depth, String text) {
        if (depth == 1) {
            top = top(text);
            blocks = top == Top.MESSAGES ? OF_ELEMENT : 0;
        }
        name = Name.OTHER;
        if (text.equals("source")) {
            name = Name.SOURCE;
        } else if (depth == source) {
            name = ofSource(text);
        } else if ((top == Top.TOOLS && depth == OF_ELEMENT || depth == definition) && text.equals("type")) {
            name = Name.TYPE;
        } else if (top == Top.MESSAGES && text.equals("definition")) {
            name = Name.DEFINITION;
        } else if (depth == blocks && text.equals("type")) {
            name = Name.TYPE_OF_BLOCK;
        } else if (depth == blocks && text.equals("content")) {
            name = Name.CONTENT;
        }
    }

    private static Name ofSource(String text) {
        if (text.equals("type")) {
            return Name.TYPE;
        }
        if (text.equals("media_type")) {
            return Name.MEDIA_TYPE;
        }
        return text.equals("data") ? Name.DATA : Name.OTHER;
    }

    /** Handles the beginning of an object or array that is a value at this depth. */
    void open(int depth, JsonKind kind) {
        grows |= depth == 1 && top == Top.CONTAINER || depth == 2 && top == Top.SERVERS;
        if (name == Name.SOURCE && kind == JsonKind.OBJECT) {
            source = depth + 1;
            sources.set(source);
            // One within another is no image, whatever the outer one was.
            hasFile |= image.isPacked();
            image = new ImageSource();
        } else if (name == Name.CONTENT && kind == JsonKind.ARRAY) {
            blocks = depth + 2;
        } else if (name == Name.DEFINITION && kind == JsonKind.OBJECT) {
            // One within another hides its type.
            grows |= definition >= 0;
            definition = depth + 1;
        }
        name = Name.OTHER;
    }

    /** Handles the end of an object or array that is a value at this depth. */
    void close(int depth) {
        if (source == depth + 1) {
            add(image, depth == blocks);
            sources.clear(source);
            source = sources.previousSetBit(depth);
            image = new ImageSource();
        }
        if (blocks == depth + 2) {
            blocks = depth;
        }
        if (definition == depth + 1) {
            definition = -1;
        }
    }

    private void add(ImageSource ended, boolean isOfBlock) {
        if (ended.isImage()) {
            images++;
            imageBytes += isOfBlock ? ended.dataBytes() : 0;
        } else {
            hasFile |= ended.isPacked();
        }
    }

    /** Handles a string that is a value at this depth. */
    void string(int depth, long from, long to) {
        grows |= depth == 1 && top == Top.CONTAINER;
        if (depth != source) {
            searches |= name == Name.TYPE && isOneOf(WEB_TOOLS, from, to);
            grows |= name == Name.TYPE && !isOneOf(CLIENT_TOOLS, from, to)
                    || name == Name.TYPE_OF_BLOCK && is(from, to, "container_upload");
        } else if (name == Name.TYPE) {
            refersElsewhere |= is(from, to, "url") || is(from, to, "file");
            image.type(is(from, to, "base64"));
        } else if (name == Name.MEDIA_TYPE) {
            image.mediaType(new JsonText(body, from, to).startsWith("image/"));
        } else if (name == Name.DATA) {
            image.data(to - from);
        }
    }

    /** Handles the end of each value. */
    void ended() {
        name = Name.OTHER;
    }

    private static Top top(String text) {
        if (text.equals("messages")) {
            return Top.MESSAGES;
        }
        if (text.equals("tools")) {
            return Top.TOOLS;
        }
        if (text.equals("container")) {
            return Top.CONTAINER;
        }
        return text.equals("mcp_servers") ? Top.SERVERS : Top.OTHER;
    }

    private boolean isOneOf(List<String> beginnings, long from, long to) {
        var type = new JsonText(body, from, to);
        return beginnings.stream().anyMatch(type::startsWith);
    }

    private boolean is(long from, long to, String text) {
        return new JsonText(body, from, to).is(text);
    }
}
