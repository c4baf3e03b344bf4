package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import java.util.Map;

/** The reply to a caller. Immutable. */
public sealed interface PageReply {
    String NO_DATABASE = "There is no database: bind jdbc/warder, or with java -jar set data.dir or database.url.";

    /** @param model the only parameter of the template */
    static PageReply shown(int status, String template, Object model) {
        return new Shown(status, Templates.of(template, model));
    }

    static PageReply withoutDatabase(PageRequest request) {
        return shown(200, "noDatabase", request);
    }

    /**
     * The reply if the database cannot be used now, or too many requests wait for it. A form is shown again, so that it can be sent
     * again as it is.
     */
    static PageReply failed(PageRequest request, ErrorReply refusal) {
        return request.field(ObjectForms.ACTION).isEmpty()
                ? new Refused(refusal)
                : new Shown(
                        refusal.status(),
                        Templates.of("again", Map.of("request", request, "error", refusal.message())));
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
