package dev.warder.principal.page;

import dev.warder.http.Form;
import dev.warder.principal.Administration;
import dev.warder.principal.RefusedChangeException;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.Increases;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/** The forms on the page of increase requests. Waits for the database. One thread at a time. */
record IncreaseForms(Administration administration, PageRequest request) {
    static final String APPROVE = "approve";
    static final String DENY = "deny";
    static final String ID = "request";
    static final String AMOUNT = "amount";

    private static final int CENT_DECIMALS = 2;

    /** Shows the requests, or does what a form asks for. */
    PageReply reply() throws SQLException {
        if (request.form().isEmpty()) {
            return shown(Draft.NONE);
        }
        var typed = request.form().get();
        var number = IncreaseRequest.number(typed.value(ID));
        if (number.isEmpty()) {
            return shown(new Draft(Draft.Part.BUTTON, typed, "There is no request of this id.", 404));
        }
        return switch (request.field(ObjectForms.ACTION)) {
            case APPROVE -> approve(number.getAsLong(), typed);
            case DENY -> deny(number.getAsLong(), typed);
            default -> shown(Draft.NONE);
        };
    }

    private PageReply approve(long number, Form typed) throws SQLException {
        var cents = cents(typed.value(AMOUNT));
        if (cents.isEmpty()) {
            return shown(new Draft(
                    Draft.Part.BUTTON,
                    typed,
                    "Nothing was changed: the new limit must be US dollars, such as 75 or 75.50.",
                    400));
        }
        try {
            var approved = new Increases(administration)
                    .approve(number, Optional.empty(), cents.getAsLong(), ObjectForms.change(request));
            return done("The request of " + approved.client() + " was approved, and the limit is set.");
        } catch (RefusedChangeException refused) {
            return shown(Draft.refused(Draft.Part.BUTTON, typed, refused));
        }
    }

    private PageReply deny(long number, Form typed) throws SQLException {
        try {
            var denied = new Increases(administration).deny(number, ObjectForms.change(request));
            return done("The request of " + denied.client() + " was denied.");
        } catch (RefusedChangeException refused) {
            return shown(Draft.refused(Draft.Part.BUTTON, typed, refused));
        }
    }

    /** Whole cents of an amount in dollars. */
    private static OptionalLong cents(String dollars) {
        String text = dollars.strip();
        return text.matches("[0-9]{1,9}(\\.[0-9]{1,2})?")
                ? OptionalLong.of(
                        new BigDecimal(text).movePointRight(CENT_DECIMALS).longValueExact())
                : OptionalLong.empty();
    }

    private PageReply shown(Draft draft) throws SQLException {
        return IncreaseList.of(request, administration, draft);
    }

    private static PageReply done(String note) {
        return new PageReply.Done(new PageTarget.Increases().reference(), note);
    }
}
