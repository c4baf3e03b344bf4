package dev.warder.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The fields of one message in the order of the wire. Names are compared without case.
 *
 * @param lines every line, repeated names included
 */
public record FieldList(List<Field> lines) {
    public FieldList {
        lines = List.copyOf(lines);
    }

    /** The values of all lines with this name, in order; empty when there is none. */
    public List<String> values(String name) {
        return lines.stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /** The value of the first line with this name. */
    public Optional<String> first(String name) {
        return values(name).stream().findFirst();
    }

    /** The type in {@code Content-Type} in lower case, without its parameters; empty text without the field. */
    String mediaType() {
        return first("content-type").orElse("").replaceFirst(";.*", "").toLowerCase(Locale.ROOT);
    }

    /** Whether a line with this name exists. */
    public boolean has(String name) {
        return first(name).isPresent();
    }

    /** Whether a line with this name holds the token among its comma-separated members, without regard to case. */
    public boolean lists(String name, String token) {
        return values(name).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .anyMatch(member -> member.strip().equalsIgnoreCase(token));
    }
}
