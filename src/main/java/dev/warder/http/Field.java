package dev.warder.http;

/**
 * One field line of a message (RFC 9110, section 5): a name in the case it came in, and a value. Values may be secret, so
 * the text form holds the name alone.
 */
public record Field(String name, String value) {
    @Override
    public String toString() {
        return name;
    }
}
