package dev.warder.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** A text that the operator wrote, here or in a file; one from a file changes with the file. Never blank. Thread-safe. */
public final class LiveText {
    private final String kind;
    private final Supplier<String> text;

    private LiveText(String kind, Supplier<String> text) {
        this.kind = kind;
        this.text = text;
    }

    /** A text that never changes; throws {@link IllegalArgumentException} for a blank one. */
    public static LiveText of(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the text is blank");
        }
        return new LiveText("literal", () -> text);
    }

    /** The current text of a file. */
    public static LiveText of(WatchedFile<String> file) {
        return new LiveText("file", file::current);
    }

    /** The current text. */
    public String current() {
        return text.get();
    }

    /** Only where the text comes from. */
    @Override
    public String toString() {
        return "LiveText[" + kind + "]";
    }

    /** The text of a file: UTF-8 without a byte order mark, not blank, without the line break at its end. */
    public static String decode(byte[] content) throws InvalidValueException {
        String text;
        try {
            text = LineBreaks.cutLast(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException malformed) {
            throw new InvalidValueException("is not UTF-8");
        }
        if (text.startsWith("\uFEFF")) {
            throw new InvalidValueException("begins with a byte order mark");
        }
        if (text.isBlank()) {
            throw new InvalidValueException("is blank");
        }
        return text;
    }
}
