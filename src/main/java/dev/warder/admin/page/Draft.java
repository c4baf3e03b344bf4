package dev.warder.admin.page;

import dev.warder.http.Form;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.RefusedChangeException.Cause;
import java.util.Set;

/**
 * A form that was refused, to be shown again. Immutable.
 *
 * @param part which form of the page it is
 * @param typed the form
 * @param problem why it was refused
 * @param status of the response
 */
record Draft(Part part, Form typed, String problem, int status) {
    static final Draft NONE = new Draft(Part.NONE, Form.NONE, "", 200);

    /** The forms of pages for objects and tokens. */
    enum Part {
        NONE,
        DEFINITION,
        TOKEN,
        BUTTON
    }

    static Draft malformed(Part part, Form typed) {
        return new Draft(
                part, typed, "This is not one JSON object, or an object in it has two members of one name.", 400);
    }

    /**
     * The draft after a change was refused.
     *
     * @param outdated the reasons that mean that the page is not the latest any more
     * @param name of the object or token
     */
    static Draft of(Part part, Form typed, RefusedChangeException refused, Set<Cause> outdated, String name) {
        if (!outdated.contains(refused.reason())) {
            return new Draft(part, typed, refused.text(), status(refused));
        }
        return new Draft(
                part,
                typed,
                "Another administrator has changed or removed " + name + " since you loaded this page. "
                        + (part == Part.DEFINITION
                                ? "The text below is yours, and nothing was saved. Compare it with the present definition,"
                                        + " which follows it; if you save again, yours replaces that one."
                                : "Nothing was changed."),
                409);
    }

    private static int status(RefusedChangeException refused) {
        return switch (refused.reason()) {
            case INVALID, UNCONDITIONAL, KEY_REUSED -> 400;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case TOO_LARGE -> 413;
            case CLASH, CHANGED -> 409;
        };
    }

    boolean is(Part which) {
        return part == which;
    }

    /** The problem of this form, if it has one. */
    Html error(Part which) {
        return Sheet.error(part == which ? problem : "");
    }

    /** The JSON of a field: as it was typed in this form, or otherwise {@code text}. */
    String json(Part which, String field, String text) {
        return part == which ? PrettyJson.visible(typed.value(field)) : text;
    }
}
