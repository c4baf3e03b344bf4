package dev.warder.json;

import dev.warder.body.Chunks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A string literal of a scanned body, compared by its decoded text (RFC 8259 section 7). A comparison copies only as many bytes
 * as the other text could need, regardless of the literal's length. One thread at a time, like its body.
 */
public final class JsonText {
    /** The longest form of one UTF-16 unit in bytes: an escape with four digits. */
    private static final int LONGEST_UNIT = 6;

    private final Chunks body;
    private final long from;
    private final long to;

    public JsonText(Chunks body, long from, long to) {
        this.body = body;
        this.from = from + 1;
        this.to = to - 1;
    }

    public String value() {
        return decode(body.copy(from, to));
    }

    public boolean is(String text) {
        return to - from <= (long) LONGEST_UNIT * text.length() && mayBegin(text) && value().equals(text);
    }

    /** Whether the first byte permits that the text begins so. It nearly always shows a difference, without a copy. */
    private boolean mayBegin(String text) {
        if (text.isEmpty() || text.charAt(0) >= 0x80) {
            return true;
        }
        byte first = body.at(from);
        return first == '\\' || first == (byte) text.charAt(0);
    }

    /** Whether the decoded text is {@code text}, ignoring case by Unicode's simple folding: U+017F is an s, U+212A a k. */
    boolean isInAnyCase(String text) {
        return to - from <= (long) LONGEST_UNIT * text.length() && value().equalsIgnoreCase(text);
    }

    public boolean startsWith(String prefix) {
        long needed = (long) LONGEST_UNIT * prefix.length();
        return mayBegin(prefix)
                && decode(body.copy(from, Math.min(to, from + needed))).startsWith(prefix);
    }

    /** The text as a string literal with its quotes; only characters that must be escaped are. */
    public static String quote(String text) {
        StringBuilder literal = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> literal.append('\\').append(c);
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default -> {
                    if (c < ' ') {
                        literal.append(String.format("\\u%04x", (int) c));
                    } else {
                        literal.append(c);
                    }
                }
            }
        }
        return literal.append('"').toString();
    }

    /** The text as the bytes of a string literal with its quotes. */
    public static byte[] literal(String text) {
        return utf8(quote(text));
    }

    /** The text of a string literal: its bytes with the quotes, from {@code from} to {@code to}. */
    public static String text(byte[] literal, int from, int to) {
        return decode(Arrays.copyOfRange(literal, from + 1, to - 1));
    }

    /**
     * The bytes of JSON text. Half a surrogate pair, which has no form in UTF-8, becomes an escape. So does each character that
     * {@link #endsLine}: some clients cut event streams into lines there.
     */
    public static byte[] utf8(String json) {
        StringBuilder escaped = new StringBuilder();
        int start = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < json.length() && Character.isLowSurrogate(json.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c) || endsLine(c)) {
                escaped.append(json, start, i).append(String.format("\\u%04x", (int) c));
                start = i + 1;
            }
        }
        String whole =
                start == 0 ? json : escaped.append(json, start, json.length()).toString();
        return whole.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the character ends a line in Unicode. It does so neither in JSON nor in an event stream. */
    private static boolean endsLine(char c) {
        return c == '\u0085' || c == '\u2028' || c == '\u2029';
    }

    /** Whether the bytes of a string literal have a character that {@link #utf8} escapes. */
    public static boolean hasLineEnd(byte[] literal, int from, int to) {
        // The last byte is the closing quote.
        for (int i = from; i < to - 2; i++) {
            byte b = literal[i];
            if (b == (byte) 0xC2 && literal[i + 1] == (byte) 0x85
                    || b == (byte) 0xE2 && literal[i + 1] == (byte) 0x80 && (literal[i + 2] & 0xFE) == 0xA8) {
                return true;
            }
        }
        return false;
    }

    /** Decodes validated bytes between quotes. An escape that is cut off at the end is left out. */
    private static String decode(byte[] raw) {
        int first = indexOfEscape(raw);
        if (first < 0) {
            return new String(raw, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(raw.length);
        int start = 0;
        int i = first;
        while (i < raw.length) {
            if (raw[i] != '\\') {
                i++;
                continue;
            }
            text.append(new String(raw, start, i - start, StandardCharsets.UTF_8));
            int length = i + 1 < raw.length && raw[i + 1] == 'u' ? LONGEST_UNIT : 2;
            if (i + length > raw.length) {
                return text.toString();
            }
            text.append(length == 2 ? escaped(raw[i + 1]) : unit(raw, i + 2));
            i += length;
            start = i;
        }
        return text.append(new String(raw, start, i - start, StandardCharsets.UTF_8))
                .toString();
    }

    private static int indexOfEscape(byte[] raw) {
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '\\') {
                return i;
            }
        }
        return -1;
    }

    /** The character of an escape of two characters, such as {@code \n}. */
    public static char escaped(byte c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> (char) c;
        };
    }

    /** The UTF-16 unit of the four hexadecimal digits from {@code at}. */
    private static char unit(byte[] raw, int at) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            unit = (unit << 4) | Character.digit(raw[i], 16);
        }
        return (char) unit;
    }
}
