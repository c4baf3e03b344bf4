package dev.warder.admin;

import dev.warder.audit.Actor;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Form;
import dev.warder.json.JsonTree;
import dev.warder.reconciliation.store.BookingRequest;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is to be booked of a day, as an administrator asks for it. Immutable.
 *
 * @param model only lines of this model
 * @param credential only lines of this managed credential, by its name
 * @param name the name that the administrator gives, for {@code admin.token}
 * @param open what is open of all lines of the day by the list that the administrator has read, in US dollars
 */
record BookingForm(
        LocalDate day,
        Optional<String> model,
        Optional<String> credential,
        String reason,
        Optional<String> name,
        Optional<BigDecimal> open) {
    private static final int LONGEST_REASON = 200;
    private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,10}(?:\\.[0-9]{1,9})?");

    /**
     * Reads a form.
     *
     * @throws InvalidValueException with the reason for the administrator
     */
    static BookingForm read(LocalDate day, Form form) throws InvalidValueException {
        String reason = form.value("reason").strip();
        if (reason.isEmpty() || reason.length() > LONGEST_REASON || !isShown(reason)) {
            throw new InvalidValueException("reason: must have 1 to " + LONGEST_REASON + " characters in one line");
        }
        return new BookingForm(day, given(form, "model"), given(form, "credential"), reason, name(form), open(form));
    }

    private static Optional<String> name(Form form) throws InvalidValueException {
        var name = given(form, "name");
        if (name.filter(each -> !Actors.isName(each)).isPresent()) {
            throw new InvalidValueException("name: must be 1 to 64 letters, digits and . _ @ -");
        }
        return name;
    }

    private static Optional<BigDecimal> open(Form form) throws InvalidValueException {
        var open = given(form, "open");
        if (open.filter(each -> !AMOUNT.matcher(each).matches()).isPresent()) {
            throw new InvalidValueException("open: must be an amount of US dollars such as -0.0134");
        }
        return open.map(BigDecimal::new);
    }

    private static Optional<String> given(Form form, String name) {
        return Optional.of(form.value(name).strip()).filter(value -> !value.isEmpty());
    }

    private static boolean isShown(String text) {
        return text.codePoints()
                .allMatch(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE);
    }

    /** What is to be booked, by whom. */
    BookingRequest request(Actor actor) {
        return new BookingRequest(day, model, credential, reason, actor.name() + " from " + actor.address());
    }

    /** Whether the administrator has read another sum than this one, in nano-dollars. */
    boolean isOther(long openOfDay) {
        return open.filter(read -> read.compareTo(BudgetDocument.amount(openOfDay)) != 0)
                .isPresent();
    }

    /** As a JSON object, the same for the same form. */
    String document() {
        var document = JsonTree.newObject().add("reason", reason);
        model.ifPresent(each -> document.add("model", each));
        credential.ifPresent(each -> document.add("credential", each));
        name.ifPresent(each -> document.add("name", each));
        open.ifPresent(each -> document.add("open", each.toPlainString()));
        return document.build().toString();
    }

    /** The day only. */
    @Override
    public String toString() {
        return "BookingForm[" + day + "]";
    }
}
