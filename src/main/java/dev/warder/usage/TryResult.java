package dev.warder.usage;

import java.time.Duration;

/**
 * How a try ended, apart from what it consumed. Immutable.
 *
 * @param upstream with how it ended; that an event stream ended with an error is found in the stream itself
 * @param sent whether the upstream may have received the whole request
 * @param requestBytes bytes of the request's body that the client sent
 * @param times its durations
 */
public record TryResult(UsageRow.Upstream upstream, boolean sent, long requestBytes, UsageRow.Times times) {
    TryEnd end() {
        return upstream.end();
    }

    boolean hasStatus() {
        return upstream.status().isPresent();
    }

    boolean isSuccessful() {
        return hasStatus()
                && upstream.status().getAsInt() >= 200
                && upstream.status().getAsInt() < 300;
    }

    Duration time() {
        return times.total();
    }

    /** The credential's name, which is not its value, and how the try ended. */
    @Override
    public String toString() {
        return "TryResult[" + upstream.credential() + ", " + end().word() + "]";
    }
}
