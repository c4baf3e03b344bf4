package dev.warder.json;

/**
 * The position of a member's value.
 *
 * @param kind its kind; {@code ABSENT} when the object has no such member
 * @param from its first byte, including quotes and brackets; 0 when absent
 * @param to the byte after its last one; 0 when absent
 */
public record JsonMember(JsonKind kind, long from, long to) {
    public static final JsonMember ABSENT = new JsonMember(JsonKind.ABSENT, 0, 0);
}
