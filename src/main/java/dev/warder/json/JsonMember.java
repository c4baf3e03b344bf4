package dev.warder.json;

/**
 * Where the value of a member lies.
 *
 * @param kind its kind; {@code ABSENT} when the object has no such member
 * @param from its first byte, quotes and brackets included; 0 when absent
 * @param to the byte after its last one; 0 when absent
 */
public record JsonMember(JsonKind kind, long from, long to) {
    /** The member that is not there. */
    public static final JsonMember ABSENT = new JsonMember(JsonKind.ABSENT, 0, 0);
}
