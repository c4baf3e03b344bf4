package dev.warder.principal;

import dev.warder.http.ErrorReply;
import dev.warder.json.JsonDocuments;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The response to a request. Immutable.
 *
 * @param body a JSON object; it may have the secret of a token
 * @param revision that of the object, for {@code ETag}; empty for a list
 * @param refusal the error instead of all of this
 */
public record ApiReply(int status, String body, OptionalLong revision, Optional<ErrorReply> refusal) {
    public static ApiReply of(int status, String body) {
        return new ApiReply(status, body, OptionalLong.empty(), Optional.empty());
    }

    public static ApiReply of(int status, Record document) {
        return of(status, JsonDocuments.text(document));
    }

    public static ApiReply of(int status, String body, long revision) {
        return new ApiReply(status, body, OptionalLong.of(revision), Optional.empty());
    }

    public static ApiReply of(ErrorReply refusal) {
        return new ApiReply(refusal.status(), "", OptionalLong.empty(), Optional.of(refusal));
    }

    @Override
    public String toString() {
        return "ApiReply[" + status + "]";
    }
}
