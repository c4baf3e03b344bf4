package dev.warder.adminapi;

import dev.warder.adminapi.RefusedChangeException.Cause;
import java.util.OptionalLong;

/**
 * The version of an object that a caller wants to change ({@code If-Match}, RFC 9110, section 13.1.1). Immutable.
 *
 * @param any whether any version that exists will do
 * @param revision the revision that the caller has read; empty if it has stated none
 */
public record Condition(boolean any, OptionalLong revision) {
    public static final Condition NONE = new Condition(false, OptionalLong.empty());

    public boolean isStated() {
        return any || revision.isPresent();
    }

    /**
     * Checks the version that is there.
     *
     * @throws RefusedChangeException if the caller wants to change another one
     */
    void check(long found) throws RefusedChangeException {
        if (revision.isPresent() && revision.getAsLong() != found) {
            throw new RefusedChangeException(
                    Cause.CHANGED, "It was changed since you have read it. Read it again, and repeat the change.");
        }
    }

    /**
     * Checks the version that is there, for a change that could undo that of another administrator.
     *
     * @throws RefusedChangeException if the caller has stated none, or another one
     */
    void require(long found) throws RefusedChangeException {
        if (!isStated()) {
            throw new RefusedChangeException(
                    Cause.UNCONDITIONAL,
                    "If-Match is missing: send the ETag of the version that you have read, or * for any version.");
        }
        check(found);
    }
}
