package dev.warder.admin.page;

import dev.warder.http.ErrorReply;

/** The reply to a caller. Immutable. */
public sealed interface PageReply {
    /** @param model the only parameter of the template */
    static PageReply shown(int status, String template, Object model) {
        return new Shown(status, Templates.of(template, model));
    }

    /** A page. */
    record Shown(int status, String html) implements PageReply {
        @Override
        public String toString() {
            return "Shown[" + status + "]";
        }
    }

    /**
     * A change was made, and its outcome is to be shown on another page.
     *
     * @param reference that page, relative to {@code /admin/}
     * @param note what was done
     */
    record Done(String reference, String note) implements PageReply {}

    /** There is no page. */
    record Refused(ErrorReply reply) implements PageReply {}
}
