package dev.warder.config;

/** How the value of a {@link Setting} is written, as the page of the settings names and explains it. */
public enum ValueType {
    FLAG("flag"),
    CHOICE("choice"),
    /** A whole number from 1; for some settings also a percentage. */
    NUMBER("number"),
    /** Bytes, also with {@code k}, {@code m} or {@code g}, or a percentage. */
    SIZE("size"),
    DURATION("duration"),
    /** An absolute URL, {@code https} unless its host is loopback. */
    URL("URL"),
    PATH("path"),
    FILE("file"),
    /** Several entries in one text; the help of the setting names the separator. */
    LIST("list"),
    /** A reference to a secret, never the secret itself. */
    SECRET("secret"),
    TEXT("text");

    private final String label;

    ValueType(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
