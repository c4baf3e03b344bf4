package dev.warder.json;

import dev.warder.config.InvalidValueException;
import java.util.ArrayList;
import java.util.List;

/** The problems of a file: the first problems with their text, the others counted. One thread at a time. */
public final class Problems {
    private static final int MOST = 20;

    private final List<String> first = new ArrayList<>();
    private int count;

    /** Adds a problem. Neither the place nor the reason has a value that may be a secret. */
    public void add(String place, String reason) {
        if (isListed()) {
            first.add(place + ": " + reason);
        }
        count++;
    }

    /** Whether the next problem will be listed, so that a costly hint is worth its time. */
    public boolean isListed() {
        return count < MOST;
    }

    public int count() {
        return count;
    }

    public String take() {
        int more = count - first.size();
        String text = String.join("; ", first) + (more > 0 ? "; and " + more + " more problems" : "");
        first.clear();
        count = 0;
        return text;
    }

    /** Throws all of them, if there are any. */
    public void throwIfAny() throws InvalidValueException {
        if (count > 0) {
            throw new InvalidValueException(take());
        }
    }
}
