package dev.warder.testkit;

/**
 * The head of an HTTP/1.1 message.
 *
 * @param raw every byte up to and including the empty line, as ISO 8859-1
 * @param startLine the request line or status line
 */
record WireHead(String raw, String startLine, FieldList fields) {
    /** The word of the start line at this place, counted from 0; empty when the line is shorter. */
    String word(int place) {
        var words = startLine.split(" ", 3);
        return place < words.length ? words[place] : "";
    }
}
