package dev.warder.config;

/** The line break that editors leave at the end of a file. */
final class LineBreaks {
    private LineBreaks() {}

    static String cutLast(String text) {
        if (!text.endsWith("\n")) {
            return text;
        }
        return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
    }
}
