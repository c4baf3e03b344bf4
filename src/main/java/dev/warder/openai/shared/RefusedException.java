package dev.warder.openai.shared;

import dev.warder.http.ErrorReply;
import java.util.Optional;

/** Leaves the reading of a request that is refused; the reader catches it. */
public final class RefusedException extends Exception {
    private final transient ErrorReply refusal;

    private RefusedException(ErrorReply refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    /**
     * 400: a member cannot be translated.
     *
     * @param param the member, such as {@code messages[2].content[0].image_url.url}
     * @param message one sentence for a person; of the request it repeats only names of members and their indexes
     */
    public static RefusedException invalid(String param, String message) {
        return new RefusedException(ErrorReply.invalidRequest(message, Optional.of(param)));
    }

    /** 400 for a member whose name may not be repeated. */
    static RefusedException unrecognized(String message) {
        return new RefusedException(ErrorReply.invalidRequest(message));
    }

    /** 404: no model of this name is served. */
    public static RefusedException modelNotFound() {
        return new RefusedException(ErrorReply.modelNotFound(
                "This model is not served here: set model to a name that starts with claude-, or to one that GET /v1/models"
                        + " lists, or ask the operator of this gateway to map the name."));
    }

    public ErrorReply refusal() {
        return refusal;
    }
}
