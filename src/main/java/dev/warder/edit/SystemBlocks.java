package dev.warder.edit;

import dev.warder.body.Chunks;
import dev.warder.json.JsonException;
import dev.warder.json.JsonHandler;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonMember;
import dev.warder.json.JsonScanner;
import dev.warder.json.JsonText;

/**
 * The relevant facts of a {@code system} that is a list: whether one of its text blocks holds a certain text, and
 * whether an attribution block is first. Members of a block are found by their decoded names in any order. One thread
 * at a time.
 */
final class SystemBlocks implements JsonHandler {
    private static final int ITEM = 1;
    private static final int MEMBER = 2;

    private final Chunks body;
    private final String text;
    private int depth;
    private int items;
    private String name = "";
    private boolean isText;
    private boolean isSame;
    private boolean isAttribution;
    private boolean hasText;
    private boolean startWithAttribution;
    private long firstEnd;

    private SystemBlocks(Chunks body, String text) {
        this.body = body;
        this.text = text;
    }

    static SystemBlocks of(Chunks body, JsonMember array, String text) {
        SystemBlocks blocks = new SystemBlocks(body, text);
        try {
            JsonScanner.scan(body, array.from(), array.to(), blocks);
        } catch (JsonException otherBody) {
            throw new IllegalArgumentException("not the outline of this body", otherBody);
        }
        return blocks;
    }

    /** Whether any text block holds exactly the text. */
    boolean hasText() {
        return hasText;
    }

    boolean isEmpty() {
        return items == 0;
    }

    /** Whether the first item is a text block that starts like an attribution block. */
    boolean startWithAttribution() {
        return startWithAttribution;
    }

    /** The position after the first item, if that is a text block. */
    long firstEnd() {
        return firstEnd;
    }

    @Override
    public void open(JsonKind kind, long at) {
        if (depth == ITEM) {
            items++;
            name = "";
            isText = false;
            isSame = false;
            isAttribution = false;
        }
        depth++;
    }

    @Override
    public void close(JsonKind kind, long at) {
        depth--;
        if (depth == ITEM && isText) {
            hasText |= isSame;
            if (items == 1) {
                startWithAttribution = isAttribution;
                firstEnd = at + 1;
            }
        }
    }

    @Override
    public void name(long from, long to) {
        if (depth == MEMBER) {
            JsonText found = new JsonText(body, from, to);
            name = found.is("type") ? "type" : found.is("text") ? "text" : "";
        }
    }

    @Override
    public void scalar(JsonKind kind, long from, long to) {
        if (depth == ITEM) {
            items++;
        } else if (depth == MEMBER && kind == JsonKind.STRING) {
            member(new JsonText(body, from, to));
        }
    }

    private void member(JsonText value) {
        if (name.equals("type")) {
            isText = value.is("text");
        } else if (name.equals("text")) {
            isSame = value.is(text);
            isAttribution = value.startsWith(SystemPrompt.ATTRIBUTION);
        }
    }
}
