package dev.warder.json;

import dev.warder.body.Chunks;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The member {@code thread} of a message: the API keeps the conversation, and a request that continues it has the new messages only.
 * Immutable.
 *
 * @param continues whether the prompt begins with what the API keeps; false where the thread is to be created
 * @param previousMessageId the response after which it continues; empty where the form is not known
 * @param keeper the name of the credential whose organization keeps it, once that is known
 */
public record BodyThread(boolean continues, Optional<String> previousMessageId, Optional<String> keeper) {
    /** A thread is created. */
    static final BodyThread CREATED = new BodyThread(false, Optional.empty(), Optional.empty());

    /** A form that is not known: the API may read it as any thread. */
    static final BodyThread UNKNOWN = new BodyThread(true, Optional.empty(), Optional.empty());

    /** The longest member that is read, in bytes; it has two short texts. */
    private static final int LONGEST = 4096;

    private static final String ID = "previous_message_id";
    private static final int LONGEST_ID = 256;

    /** The thread of a body's member. Of doubled names nobody knows which one the API reads. */
    static Optional<BodyThread> of(JsonMember member, Chunks body) {
        if (member.kind() == JsonKind.ABSENT || member.kind() == JsonKind.NULL) {
            return Optional.empty();
        }
        var thread = member.to() - member.from() > LONGEST
                ? Optional.<JsonObject>empty()
                : JsonTree.parseDistinctObject(
                        new String(body.copy(member.from(), member.to()), StandardCharsets.UTF_8));
        return Optional.of(thread.map(BodyThread::of).orElse(UNKNOWN));
    }

    private static BodyThread of(JsonObject thread) {
        var id = JsonTree.findText(thread, ID).filter(text -> text.length() <= LONGEST_ID);
        return switch (JsonTree.text(thread, "type")) {
            case "create" -> id.isPresent() || !thread.containsKey(ID) ? CREATED : UNKNOWN;
            case "continue" -> id.map(BodyThread::after).orElse(UNKNOWN);
            default -> UNKNOWN;
        };
    }

    static BodyThread after(String message) {
        return new BodyThread(true, Optional.of(message), Optional.empty());
    }
}
