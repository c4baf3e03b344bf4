package dev.warder.admin;

import dev.warder.admin.AdminTarget.Action;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/**
 * A path of reconciliation.
 *
 * @param day that is booked; empty for other actions
 */
record ReconciliationPath(Action action, Optional<LocalDate> day) {
    /** The page. */
    static final String PAGE = "/admin/reconciliation";

    /** The list of lines. */
    static final String API = "/admin/api/reconciliation";

    /** The list of bookings. */
    static final String ADJUSTMENTS = API + "/adjustments";

    private static final String BOOK = "/book";

    /** Stands for any day; the path of a request has no braces. */
    private static final String BOOKING = API + "/{day}" + BOOK;

    /** The actions by path. */
    static final Map<String, Action> ACTIONS = Map.of(
            PAGE,
            Action.RECONCILIATION,
            API,
            Action.RECONCILIATION,
            ADJUSTMENTS,
            Action.RECONCILIATION,
            API + "/run",
            Action.RECONCILE,
            BOOKING,
            Action.BOOK);

    /** What is at a path, if it is one of reconciliation. */
    static Optional<ReconciliationPath> of(String path) {
        var day = day(path);
        return Optional.ofNullable(ACTIONS.get(day.isPresent() ? BOOKING : path))
                .map(action -> new ReconciliationPath(action, day));
    }

    private static Optional<LocalDate> day(String path) {
        int end = path.length() - BOOK.length();
        return path.startsWith(API + "/") && path.endsWith(BOOK) && end > API.length()
                ? date(path.substring(API.length() + 1, end))
                : Optional.empty();
    }

    /** A date such as 2026-11-22. */
    static Optional<LocalDate> date(String text) {
        try {
            return text.length() == 10 ? Optional.of(LocalDate.parse(text)) : Optional.empty();
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
