package dev.warder.json;

import java.util.List;
import java.util.Optional;

/**
 * The facts that Warder needs about a valid body, which is one object. Thread-safe.
 *
 * @param closingBrace the position of the object's closing brace
 * @param hasMembers whether the object has any member, so that a member added before the closing brace needs a comma
 * @param model the value of the top-level member {@code model}
 * @param stream that of {@code stream}
 * @param system that of {@code system}
 * @param maxTokens that of {@code max_tokens}
 * @param modelName the model that is asked upstream: what the decoded value of {@code model} stands for; empty when that is
 *     absent or not a string
 * @param alias the decoded value of {@code model}, at most 256 UTF-16 units, if it stands for another model
 * @param permitted whether the caller may use every model that the body names, see {@link BodyPolicy#models}
 * @param costs what it states about its cost
 * @param found the members of {@link BodyPolicy#members}, in their order; empty where there are more than 1,000
 */
public record JsonOutline(
        long closingBrace,
        boolean hasMembers,
        Member model,
        Member stream,
        Member system,
        Member maxTokens,
        Optional<String> modelName,
        Optional<String> alias,
        boolean permitted,
        BodyCosts costs,
        Optional<List<FoundMember>> found) {

    public JsonOutline with(BodyCosts known) {
        return new JsonOutline(
                closingBrace, hasMembers, model, stream, system, maxTokens, modelName, alias, permitted, known, found);
    }

    public boolean streams() {
        return stream.kind() == JsonKind.TRUE;
    }

    /**
     * The position of a member's value.
     *
     * @param kind its kind; {@code ABSENT} when the object has no such member
     * @param from its first byte, including quotes and brackets; 0 when absent
     * @param to the byte after its last one; 0 when absent
     */
    public record Member(JsonKind kind, long from, long to) {
        public static final Member ABSENT = new Member(JsonKind.ABSENT, 0, 0);
    }

    /**
     * A member, or an element of an array, that was looked for.
     *
     * @param path one of {@link MemberPaths}
     * @param from the first byte of the name, or of an element
     * @param text the decoded value; empty for one that is no string, or that has more than 254 bytes
     */
    public record FoundMember(String path, long from, Member value, Optional<String> text) {}
}
