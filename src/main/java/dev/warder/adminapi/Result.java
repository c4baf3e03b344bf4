package dev.warder.adminapi;

/**
 * The reply to the caller of a change. Immutable.
 *
 * @param isNew whether something was created
 * @param revision the revision of what was changed
 * @param document a JSON object; never with the secret of a token, which the caller may add once
 */
public record Result(boolean isNew, long revision, String document) {
    @Override
    public String toString() {
        return "Result[revision " + revision + "]";
    }
}
