package dev.warder.json;

import dev.warder.body.Chunks;
import java.util.Optional;

/**
 * Finds the {@link BodyThread} of a body in the same pass as its outline. Two different values of one member are as good as an
 * unknown one, since nobody knows which the API reads. Memory: constant. One thread at a time.
 */
final class ThreadScanner {
    /** The longest id that is kept, in bytes with its quotes. */
    private static final int LONGEST = 256;

    private static final int OF_THREAD = 2;

    /** The members that are looked for. */
    private enum Name {
        OTHER,
        THREAD,
        TYPE,
        PREVIOUS
    }

    private final Chunks body;
    private boolean inside;
    private Name name = Name.OTHER;
    private boolean found;
    private boolean creates;
    private boolean continues;
    private boolean unknown;
    private Optional<String> previous = Optional.empty();

    ThreadScanner(Chunks body) {
        this.body = body;
    }

    Optional<BodyThread> thread() {
        if (!found) {
            return Optional.empty();
        }
        if (unknown || creates == continues) {
            return Optional.of(BodyThread.UNKNOWN);
        }
        return Optional.of(
                creates ? BodyThread.CREATED : previous.map(BodyThread::after).orElse(BodyThread.UNKNOWN));
    }

    /** Handles a member's name in an object at this depth. */
    void name(int depth, String text) {
        name = Name.OTHER;
        if (depth == 1) {
            inside = text.equals("thread");
            name = inside ? Name.THREAD : Name.OTHER;
        } else if (inside && depth == OF_THREAD) {
            name = text.equals("type") ? Name.TYPE : text.equals("previous_message_id") ? Name.PREVIOUS : Name.OTHER;
        }
    }

    /** Handles the beginning of an object or array that is a value at this depth. */
    void open(JsonKind kind) {
        found |= name == Name.THREAD;
        unknown |= name == Name.THREAD ? kind != JsonKind.OBJECT : name != Name.OTHER;
        name = Name.OTHER;
    }

    /** Handles a value that is neither an object nor an array. */
    void scalar(JsonKind kind, long from, long to) {
        if (name == Name.OTHER) {
            return;
        }
        boolean isText = kind == JsonKind.STRING;
        if (name == Name.THREAD) {
            found |= kind != JsonKind.NULL;
            unknown |= kind != JsonKind.NULL;
        } else if (!isText) {
            unknown = true;
        } else if (name == Name.TYPE) {
            type(new JsonText(body, from, to));
        } else {
            previous(from, to);
        }
        name = Name.OTHER;
    }

    private void type(JsonText type) {
        boolean create = type.is("create");
        creates |= create;
        continues |= !create;
        unknown |= !create && !type.is("continue");
    }

    private void previous(long from, long to) {
        var id = to - from > LONGEST ? Optional.<String>empty() : Optional.of(new JsonText(body, from, to).value());
        unknown |= id.isEmpty() || previous.isPresent() && !previous.equals(id);
        previous = id;
    }
}
