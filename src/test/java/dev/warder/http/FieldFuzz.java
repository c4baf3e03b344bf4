package dev.warder.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Set;

/** What goes down is a field that no container and no client can read as two. */
public final class FieldFuzz {
    private FieldFuzz() {}

    /** Reads the bytes as a name and a value with a colon between. */
    public static void fuzzerTestOneInput(byte[] data) {
        var line = new String(data, ISO_8859_1);
        int colon = Math.max(line.indexOf(':'), 0);
        var name = line.substring(0, colon);
        var value = line.substring(colon);
        var sent = Fields.forwardable(value);
        check(sent.length() == value.length());
        check(Fields.forwardable(sent).equals(sent));
        check(sent.chars().noneMatch(c -> c < ' ' && c != '\t' || c == 0x7f || c > 0xff));
        if (Fields.isToken(name)) {
            check(name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':'));
            check(!Fields.goesDown(name, Fields.namedByConnection(List.of("x , " + name))));
            check(Fields.goesDown(name, Set.of())
                    == Fields.goesDown(name.toUpperCase(java.util.Locale.ROOT), Set.of()));
        }
        Fields.namedByConnection(List.of(value));
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError();
        }
    }
}
