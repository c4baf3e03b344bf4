package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.FieldList;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The fields that a gateway passes on as they are. */
final class EndToEnd {
    /** What a gateway sets itself, so that its value need not be the client's. */
    private static final Set<String> OWN = Set.of(
            "authorization", "x-api-key", "x-warder-token", "host", "connection", "content-length", "accept-encoding");

    private EndToEnd() {}

    /** The same names on both sides, and for each the same values in the same order. */
    static void assertSame(FieldList given, FieldList sent) {
        assertThat(names(sent)).isEqualTo(names(given));
        names(given).forEach(name -> assertThat(sent.values(name)).as(name).isEqualTo(given.values(name)));
    }

    private static Set<String> names(FieldList fields) {
        var names = new TreeSet<String>();
        fields.lines().forEach(field -> names.add(field.name().toLowerCase(Locale.ROOT)));
        names.removeAll(OWN);
        return names;
    }
}
