package dev.warder.json;

import dev.warder.body.Chunks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Two lists of ASCII words, in which each member of a body is looked up. Immutable. */
final class NameTable {
    private static final int ESCAPE = 6;
    private static final int FACTOR = 31;

    /** By hash, with open addressing; an empty one is free. */
    private final byte[][] slots;

    /** The kind of the word in the slot of the same number. */
    private final Kind[] kinds;

    private final int longest;

    enum Kind {
        /** A word of the first list. */
        KNOWN,
        /** A word of the second list. */
        OPAQUE,
        /** It is not in the table. */
        UNKNOWN
    }

    private NameTable(String[] known, String[] opaque) {
        int size = Integer.highestOneBit(known.length + opaque.length) * 8;
        slots = new byte[size][0];
        kinds = new Kind[size];
        int most = 0;
        for (var word : known) {
            most = Math.max(most, word.length());
            put(word, Kind.KNOWN);
        }
        for (var word : opaque) {
            most = Math.max(most, word.length());
            put(word, Kind.OPAQUE);
        }
        longest = most;
    }

    /** The words of these texts, which are separated by white space. */
    static NameTable of(String known, String opaque) {
        return new NameTable(words(known), words(opaque));
    }

    private static String[] words(String text) {
        return text.isBlank() ? new String[0] : text.strip().split("\\s+");
    }

    private void put(String word, Kind kind) {
        byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
        int hash = 0;
        for (byte b : bytes) {
            hash = FACTOR * hash + b;
        }
        int at = slot(hash);
        while (slots[at].length > 0) {
            at = slot(at + 1);
        }
        slots[at] = bytes;
        kinds[at] = kind;
    }

    /** The kind of a string literal with its quotes, from {@code from} to {@code to}. */
    Kind kind(Chunks body, long from, long to) {
        if (to - from - 2 > (long) ESCAPE * longest) {
            return Kind.UNKNOWN;
        }
        byte[] name = body.copy(from + 1, to - 1);
        int hash = 0;
        for (byte b : name) {
            if (b == '\\') {
                return ofEscaped(new JsonText(body, from, to).value());
            }
            hash = FACTOR * hash + b;
        }
        return find(name, hash);
    }

    private Kind ofEscaped(String text) {
        byte[] name = text.getBytes(StandardCharsets.UTF_8);
        int hash = 0;
        for (byte b : name) {
            hash = FACTOR * hash + b;
        }
        return find(name, hash);
    }

    private Kind find(byte[] name, int hash) {
        for (int at = slot(hash); slots[at].length > 0; at = slot(at + 1)) {
            if (Arrays.equals(slots[at], name)) {
                return kinds[at];
            }
        }
        return Kind.UNKNOWN;
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 16) & slots.length - 1;
    }
}
