package dev.warder.openai.shared;

import java.util.Optional;

/**
 * Why a request is not sent upstream, in the words of OpenAI's error object. Immutable.
 *
 * @param status the HTTP status, 400 or 404
 * @param type OpenAI's word for the kind of error
 * @param code OpenAI's word for the error; the member is {@code null} when there is none
 * @param message one sentence for a person; of the request it repeats only names of members and their indexes
 * @param param the member at fault, such as {@code messages[2].content[0].image_url.url}
 */
public record RequestRefusal(int status, String type, Optional<String> code, String message, Optional<String> param) {
    private static final String INVALID = "invalid_request_error";

    /** 400: {@code param} names what cannot be translated. */
    static RequestRefusal invalid(String param, String message) {
        return new RequestRefusal(400, INVALID, Optional.empty(), message, Optional.of(param));
    }

    /** 400 for a member whose name may not be repeated. */
    static RequestRefusal unrecognized(String message) {
        return new RequestRefusal(400, INVALID, Optional.empty(), message, Optional.empty());
    }

    /** 404: no model of this name is served. */
    public static RequestRefusal modelNotFound() {
        return new RequestRefusal(
                404,
                INVALID,
                Optional.of("model_not_found"),
                "This model is not served here: set model to a name that starts with claude-, or to one that GET /v1/models"
                        + " lists, or ask the operator of this gateway to map the name.",
                Optional.of("model"));
    }
}
