package dev.warder.json;

import dev.warder.body.Chunks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * Words in ASCII that requests have as names or values, so that each literal is looked up once and compared without being decoded.
 * Immutable.
 */
final class Words {
    static final String UNKNOWN = "";

    private static final int LONGEST_UNIT = 6;

    private final String[] words;

    /** The bytes of the word in the slot of the same number. */
    private final byte[][] bytes;

    private final int longest;

    Words(Set<String> all) {
        int size = Integer.highestOneBit(all.size()) * 8;
        words = new String[size];
        bytes = new byte[size][];
        Arrays.fill(words, UNKNOWN);
        for (var word : all) {
            byte[] name = word.getBytes(StandardCharsets.US_ASCII);
            int at = slot(Arrays.hashCode(name));
            while (!words[at].isEmpty()) {
                at = slot(at + 1);
            }
            words[at] = word;
            bytes[at] = name;
        }
        longest = all.stream().mapToInt(String::length).max().orElse(0);
    }

    /** The word of a string literal with its quotes, from {@code from} to {@code to}, which may be written with escapes. */
    String find(Chunks body, long from, long to) {
        if (to - from - 2 > (long) LONGEST_UNIT * longest) {
            return UNKNOWN;
        }
        byte[] name = body.copy(from + 1, to - 1);
        for (byte b : name) {
            if (b == '\\') {
                return find(new JsonText(body, from, to).value().getBytes(StandardCharsets.UTF_8));
            }
        }
        return find(name);
    }

    private String find(byte[] name) {
        for (int at = slot(Arrays.hashCode(name)); !words[at].isEmpty(); at = slot(at + 1)) {
            if (Arrays.equals(bytes[at], name)) {
                return words[at];
            }
        }
        return UNKNOWN;
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 16) & words.length - 1;
    }
}
