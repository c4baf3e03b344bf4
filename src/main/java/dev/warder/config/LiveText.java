package dev.warder.config;

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

    public static LiveText of(WatchedFile<String> file) {
        return new LiveText("file", file::current);
    }

    public String current() {
        return text.get();
    }

    @Override
    public String toString() {
        return "LiveText[" + kind + "]";
    }

    public static String decode(byte[] content) throws InvalidValueException {
        String text = TextFile.withoutLastBreak(TextFile.decode(content));
        if (text.isBlank()) {
            throw new InvalidValueException("is blank");
        }
        return text;
    }
}
