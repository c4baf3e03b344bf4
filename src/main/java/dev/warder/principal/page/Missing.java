package dev.warder.principal.page;

import dev.warder.http.ErrorReply;

/** The reply for an address without a page. */
final class Missing {
    private Missing() {}

    static PageReply reply(String message) {
        return new PageReply.Refused(ErrorReply.notFound(message));
    }
}
