package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.InputText;
import dev.warder.openai.shared.Pieces;
import dev.warder.stream.MessageReader.DeltaKind;
import jakarta.json.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An item of the output that has not ended, which receives what its content blocks have. {@link #finish} follows when it is known
 * how the item ends: with the next block, or with the message. One thread at a time.
 */
abstract class Item {
    protected final Output output;
    /** The text or the input of the block, as bytes between the quotes of a string literal. */
    protected Pieces text = new Pieces();

    private final String prefix;
    private @Nullable Reference reference;
    protected DeltaKind kind = DeltaKind.TEXT;
    /** The input that a tool's use has when it begins; it counts when no piece follows. */
    private String initial = "";

    private Optional<InputText> input = Optional.empty();

    private boolean isStopped;

    /** @param prefix begins the item's id */
    Item(Output output, String prefix) {
        this.output = output;
        this.prefix = prefix;
    }

    /** A block begins, whose deltas are of this kind. */
    final void begin(DeltaKind deltas, JsonObject block) {
        begin(deltas, block, Optional.empty());
    }

    /** @param translated translates the input, unless it is passed on as it is */
    final void begin(DeltaKind deltas, JsonObject block, Optional<InputText> translated) {
        kind = deltas;
        input = translated;
        initial = deltas == DeltaKind.INPUT ? JsonTree.object(block, "input").toString() : "";
        isStopped = false;
    }

    /** The item in the output, where it begins when this is first called. */
    protected final Reference begun() {
        if (reference == null) {
            reference = output.next(prefix);
            output.added(reference, json(reference, Status.IN_PROGRESS));
        }
        return reference;
    }

    /**
     * A piece, as {@link dev.warder.stream.MessageReader.MessageEvents#delta} passes it; kinds that the block has not are
     * ignored.
     */
    void piece(DeltaKind delta, byte[] bytes, int from, int to) {
        if (delta == kind) {
            initial = "";
            if (input.isEmpty()) {
                add(bytes, from, to);
            } else {
                addText(input.get().feed(JsonText.text(bytes, from, to)));
            }
        }
    }

    private void addText(String translated) {
        if (!translated.isEmpty()) {
            byte[] literal = JsonText.literal(translated);
            add(literal, 0, literal.length);
        }
    }

    /** Adds a piece, a string literal. */
    protected void add(byte[] bytes, int from, int to) {
        text.add(bytes, from + 1, to - 1);
    }

    void citation(JsonObject citation) {}

    /** The block has ended. */
    final void stop() {
        if (!initial.isEmpty()) {
            byte[] literal = JsonText.literal(initial);
            piece(kind, literal, 0, literal.length);
        }
        input.ifPresent(translated -> addText(translated.end()));
        isStopped = true;
        stopped();
    }

    /** The text or the input is complete. */
    protected abstract void stopped();

    boolean isStopped() {
        return isStopped;
    }

    /** Ends the item, if it has begun. */
    void finish(Status status) {
        if (reference != null) {
            output.done(reference, json(reference, status));
        }
    }

    protected abstract Pieces json(Reference known, Status status);

    /** The bytes that it keeps, about. */
    long kept() {
        return text.length() + initial.length() + input.map(InputText::kept).orElse(0L);
    }

    /** The status of an item. */
    enum Status {
        IN_PROGRESS("in_progress"),
        COMPLETED("completed"),
        /** The message ended before the item did, or before a call's input. */
        INCOMPLETE("incomplete"),
        FAILED("failed");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        String end() {
            return ",\"status\":\"" + word + "\"}";
        }
    }

    /** The id and the index of an item in the output, the same in all of its events. Immutable. */
    static final class Reference {
        private final String id;
        final int index;
        final byte[] members;

        Reference(String id, int index) {
            this.id = id;
            this.index = index;
            this.members = JsonText.utf8(",\"item_id\":" + JsonText.quote(id) + ",\"output_index\":" + index);
        }

        /** The beginning of the item: its opening brace, and the members {@code type} and {@code id}. */
        String head(String type) {
            return "{\"type\":\"" + type + "\",\"id\":" + JsonText.quote(id);
        }

        byte[] members(String name, int part) {
            byte[] partMember = JsonText.utf8(",\"" + name + "\":" + part);
            return new Pieces().add(members).add(partMember).bytes();
        }
    }
}
