package dev.warder.admin.page;

import dev.warder.adminapi.RefusedChangeException;
import dev.warder.adminapi.RefusedChangeException.Cause;
import dev.warder.http.Form;
import java.util.EnumSet;
import java.util.Set;

/**
 * A form that was refused, to be shown again. Immutable.
 *
 * @param part which form of the page it is
 * @param typed the form
 * @param problem why it was refused
 * @param status of the response
 * @param isOutdated whether what it was to change is another one by now
 */
public record Draft(Part part, Form typed, String problem, int status, boolean isOutdated) {
    /** The most characters of a definition. */
    public static final int LONGEST = 64 * 1024;

    private static final int LEAST_ROWS = 4;
    private static final int MOST_ROWS = 30;

    private static final Set<Cause> OUTDATED = EnumSet.of(Cause.CHANGED, Cause.UNCONDITIONAL, Cause.NOT_FOUND);

    static final Draft NONE = new Draft(Part.NONE, Form.NONE, "", 200, false);

    /** The forms of pages for objects and tokens. */
    public enum Part {
        NONE,
        DEFINITION,
        TOKEN,
        BUTTON
    }

    /**
     * The draft after a change was refused.
     *
     * @param name of the object or token that was to be changed, which the page may not show as it is any more; empty for none
     */
    static Draft of(Part part, Form typed, RefusedChangeException refused, String name) {
        if (name.isEmpty() || !OUTDATED.contains(refused.reason())) {
            return new Draft(part, typed, refused.text(), status(refused), false);
        }
        return new Draft(
                part,
                typed,
                "Another administrator has changed or removed " + name + " since you loaded this page. "
                        + (part == Part.DEFINITION
                                ? "The text below is yours, and nothing was saved. Compare it with the present definition,"
                                        + " which follows it; if you save again, yours replaces that one."
                                : "Nothing was changed."),
                409,
                true);
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

    public boolean is(Part which) {
        return part == which;
    }

    /** The revision that the form changes: the one that was typed over, unless the reader was told of the present one. */
    public String revision(long present) {
        String read = typed.value("revision");
        return is(Part.DEFINITION) && !isOutdated && !read.isEmpty() ? read : Long.toString(present);
    }

    /** The problem of this form; empty for none. */
    public String error(Part which) {
        return part == which ? problem : "";
    }

    /** A field of this form as it was typed, or otherwise {@code text}. */
    public String field(Part which, String field, String text) {
        return part == which ? typed.value(field) : text;
    }

    /** The lines of a field for a text, at whose beginning a browser ignores a line break. */
    public static long rows(String text) {
        return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, text.lines().count() + 1));
    }
}
