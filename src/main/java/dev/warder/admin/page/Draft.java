package dev.warder.admin.page;

import dev.warder.http.Form;
import dev.warder.principal.RefusedChangeException;

/**
 * A form that was refused, to be shown again. Immutable.
 *
 * @param part which form of the page it is
 * @param typed the form
 * @param problem why it was refused
 * @param status of the response
 */
record Draft(Part part, Form typed, String problem, int status) {
    /** No form was sent. */
    static final Draft NONE = new Draft(Part.NONE, Form.NONE, "", 200);

    /** The forms of pages for objects and tokens. */
    enum Part {
        /** None of them. */
        NONE,
        /** The definition of an object, or the terms of a token. */
        DEFINITION,
        /** A new token. */
        TOKEN,
        /** What has no field to type into. */
        BUTTON
    }

    /** A text that is no JSON object. */
    static Draft malformed(Part part, Form typed) {
        return new Draft(
                part, typed, "This is not one JSON object, or an object in it has two members of one name.", 400);
    }

    /** A change that was not made. */
    static Draft refused(Part part, Form typed, RefusedChangeException refused) {
        return new Draft(part, typed, refused.text(), status(refused));
    }

    /** A change of a version that is not the newest one. */
    static Draft outdated(Part part, Form typed, String name) {
        return new Draft(
                part,
                typed,
                part == Part.DEFINITION
                        ? "Another administrator has changed or removed " + name
                                + " since you loaded this page. The text below is yours, and nothing was saved."
                                + " Compare it with the present definition, which follows it; if you save again, yours"
                                + " replaces that one."
                        : "Another administrator has changed or removed " + name
                                + " since you loaded this page. Nothing" + " was changed.",
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

    /** Whether this is the form. */
    boolean is(Part which) {
        return part == which;
    }

    /** Why this form was refused; empty if another one or none was. */
    String problemOf(Part which) {
        return part == which ? problem : "";
    }

    /** What was typed into a field; empty text if no form was sent. */
    String text(String field) {
        return typed.value(field);
    }
}
