package dev.warder.config;

/** How the value of a {@link Setting} is written, as the page of the settings names and explains it. */
public enum ValueType {
    /** {@code true} or {@code false}. */
    FLAG("flag"),
    /** One of a few words. */
    CHOICE("choice"),
    /** A whole number from 1; for some settings also a percentage. */
    NUMBER("number"),
    /** Bytes, also with {@code k}, {@code m} or {@code g}, or a percentage. */
    SIZE("size"),
    /** A number with {@code ms}, {@code s}, {@code m} or {@code h}. */
    DURATION("duration"),
    /** An absolute URL, {@code https} unless its host is loopback. */
    URL("URL"),
    /** A path of the file system, without {@code file:}. */
    PATH("path"),
    /** A path of the file system with {@code file:} before it. */
    FILE("file"),
    /** Several entries in one text; the help of the setting names the separator. */
    LIST("list"),
    /** A reference to a secret, never the secret itself. */
    SECRET("secret"),
    /** Any other text. */
    TEXT("text");

    private final String label;

    ValueType(String label) {
        this.label = label;
    }

    /** The word for it in pages. */
    public String label() {
        return label;
    }
}
