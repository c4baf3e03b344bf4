package dev.warder.openai.chat;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

/**
 * The text that a model gives a custom tool, from the pieces of the JSON that holds it. A JSON without that text is the text
 * itself, when it is complete. What is returned are bytes between the quotes of a string literal. One thread at a time.
 */
public final class CustomText {
    private static final byte[] NOTHING = {};

    private final CustomInput reader = new CustomInput();
    private Pieces json = new Pieces();

    private boolean complete;

    /** The text in the bytes between the quotes of one piece. */
    public byte[] feed(byte[] b, int from, int to) {
        if (!reader.isText()) {
            json.add(b, from, to);
        }
        byte[] text = reader.feed(b, from, to);
        if (reader.isText() && !json.isEmpty()) {
            json = new Pieces();
        }
        return text;
    }

    public byte[] end() {
        if (reader.isText()) {
            complete = reader.isClosed();
            return reader.end();
        }
        var whole = JsonTree.parse(json.text());
        byte[] rest = whole.map(this::text).orElse(NOTHING);
        complete = whole.isPresent();
        json = new Pieces();
        return rest;
    }

    public boolean isComplete() {
        return complete;
    }

    /** The bytes that it keeps. */
    public long kept() {
        return json.length() + reader.kept();
    }

    private byte[] text(JsonValue whole) {
        if (whole instanceof JsonObject object) {
            var text = JsonTree.findText(object, "input");
            if (text.isPresent() || object.isEmpty()) {
                return literal(text.orElse(""));
            }
        }
        return json.bytes();
    }

    /** The bytes between the quotes of a literal; halves of surrogate pairs are replaced. */
    private static byte[] literal(String text) {
        byte[] quoted = JsonText.literal("{\"input\":" + JsonText.quote(text) + "}");
        return new CustomInput().feed(quoted, 1, quoted.length - 1);
    }
}
