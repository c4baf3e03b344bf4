package dev.warder.testkit;

/**
 * One header or trailer line as it stood on the wire.
 *
 * @param name with its original case
 * @param value without the white space around it, read as ISO 8859-1
 */
public record Field(String name, String value) {
    /** The line with its line break, ready for the wire. */
    public String line() {
        return name + ": " + value + "\r\n";
    }
}
