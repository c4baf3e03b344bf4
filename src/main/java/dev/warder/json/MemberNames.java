package dev.warder.json;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The names of members to find in documents, as they are written there. Immutable. */
public final class MemberNames {
    private final List<byte[]> quoted;
    private final int longest;

    private MemberNames(List<byte[]> quoted) {
        this.quoted = quoted;
        this.longest = quoted.stream().mapToInt(name -> name.length).max().orElse(0);
    }

    /** These names, which are ASCII without characters that JSON escapes. */
    public static MemberNames of(String... names) {
        return new MemberNames(List.of(names).stream()
                .map(name -> ('"' + name + '"').getBytes(StandardCharsets.US_ASCII))
                .toList());
    }

    int count() {
        return quoted.size();
    }

    byte[] quoted(int number) {
        return quoted.get(number);
    }

    /** Bytes of the longest one with its quotation marks. */
    int longest() {
        return longest;
    }
}
