package dev.warder.json;

/** The kinds of JSON values (RFC 8259 section 3), and {@code ABSENT} for a member that an object does not have. */
public enum JsonKind {
    ABSENT,
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL
}
