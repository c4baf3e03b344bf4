package dev.warder.admin;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * The fields of a request that only the resources below {@code /admin/api} use. Immutable.
 *
 * @param ifMatch {@code If-Match}
 * @param idempotencyKey {@code Idempotency-Key}
 * @param administrator the name that a caller with {@code admin.token} gives, for the audit
 */
public record ApiFields(Optional<String> ifMatch, Optional<String> idempotencyKey, Optional<String> administrator) {
    /** The field in which a caller with {@code admin.token} gives a name. */
    static final String ADMINISTRATOR = "x-warder-administrator";

    private static final int LONGEST_NAME = 64;

    static ApiFields of(HttpServletRequest request) {
        return new ApiFields(
                Optional.ofNullable(request.getHeader("if-match")),
                Optional.ofNullable(request.getHeader("idempotency-key")),
                Optional.ofNullable(request.getHeader(ADMINISTRATOR))
                        .map(ApiFields::name)
                        .filter(name -> !name.isEmpty()));
    }

    /** A name without characters that could look like another line or field in a log. */
    static String name(String text) {
        String cut = text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) : text;
        return cut.replaceAll("[^0-9A-Za-z._@-]", "?");
    }
}
