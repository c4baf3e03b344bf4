package dev.warder.admin.page;

import dev.warder.http.Form;
import dev.warder.policy.AuditEntry;
import java.util.Optional;

/**
 * A request for a page, whose caller was admitted. Immutable.
 *
 * @param up the relative reference from the page to the folder {@code /admin/}; not empty
 * @param query the parameters of the address
 * @param form what was sent to the page, by one of its own forms; empty if the page is only to be shown
 * @param formToken the token of the session's forms; empty for a caller that needs none
 * @param note the outcome of the last action; empty text for none
 */
public record PageRequest(
        PageTarget target,
        String up,
        Form query,
        Optional<Form> form,
        AuditEntry.Actor actor,
        String formToken,
        String note) {
    /** The field with the token of a form. */
    public static final String FORM_TOKEN = "csrf";

    /** The target only: forms may have what only their receiver should see. */
    @Override
    public String toString() {
        return "PageRequest[" + target.reference() + "]";
    }

    public String field(String name) {
        return form.map(each -> each.value(name)).orElse("");
    }

    /** The reference to a page. */
    public String to(PageTarget other) {
        return up + other.reference();
    }
}
