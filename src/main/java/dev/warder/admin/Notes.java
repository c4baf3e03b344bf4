package dev.warder.admin;

import dev.warder.http.Field;
import java.time.Duration;

/**
 * The outcome of an action, which the browser brings to the next page in a sealed cookie, since a page must not show text from an
 * address. Thread-safe.
 */
public record Notes(Seal seal) {
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final int LONGEST = 500;
    private static final String PURPOSE = "note";

    public Field cookie(AdminRequest request, String message) {
        String text = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
        return request.cookies().strict(AdminCookies.NOTE, seal.close(PURPOSE, text, "", LIFE), LIFE);
    }

    public String of(AdminRequest request) {
        return request.note().flatMap(value -> seal.open(PURPOSE, value, "")).orElse("");
    }

    /** The reply that shows the outcome, and with which the browser forgets it. */
    public static AdminReply shown(AdminRequest request, AdminReply reply) {
        return request.note().isPresent() ? reply.with(request.cookies().none(AdminCookies.NOTE)) : reply;
    }
}
