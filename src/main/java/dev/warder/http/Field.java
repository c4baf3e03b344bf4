package dev.warder.http;

/**
 * One field line of a message (RFC 9110, section 5): a name in its original case, and a value. Values may be secret, so the
 * text form shows only the name.
 */
public record Field(String name, String value) {
    @Override
    public String toString() {
        return name;
    }
}
