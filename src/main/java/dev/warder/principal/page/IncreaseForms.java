package dev.warder.principal.page;

import dev.warder.config.InvalidValueException;
import dev.warder.http.Form;
import dev.warder.principal.Administration;
import dev.warder.principal.RefusedChangeException;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.Increases;
import dev.warder.spendlimit.LimitWords;
import java.sql.SQLException;
import java.util.Optional;

/** The forms on the page of increase requests. Waits for the database. One thread at a time. */
record IncreaseForms(Administration administration, PageRequest request) {
    static final String APPROVE = "approve";
    static final String DENY = "deny";
    static final String ID = "request";
    static final String AMOUNT = "amount";

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
        try {
            long cents = LimitWords.centsOfDollars(typed.value(AMOUNT));
            var approved =
                    new Increases(administration).approve(number, Optional.empty(), cents, ObjectForms.change(request));
            return done("The request of " + approved.client() + " was approved, and the limit is set.");
        } catch (InvalidValueException wrong) {
            return shown(new Draft(Draft.Part.BUTTON, typed, wrong.reason() + ". Nothing was changed.", 400));
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

    private PageReply shown(Draft draft) throws SQLException {
        return IncreaseList.of(request, administration, draft);
    }

    private static PageReply done(String note) {
        return new PageReply.Done(new PageTarget.Increases().reference(), note);
    }
}
