package dev.warder.admin.document;

import dev.warder.admin.request.Actors;
import dev.warder.audit.Actor;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Form;
import dev.warder.json.JsonDocuments;
import dev.warder.reconciliation.store.BookingRequest;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What is to be booked of a day, as an administrator asks for it. Immutable.
 *
 * @param model only lines of this model
 * @param credential only lines of this managed credential, by its name
 * @param name the name that the administrator gives, for {@code admin.token}
 * @param version what was open of the day in the list that the administrator has read, see
 *     {@link dev.warder.reconciliation.store.DayVersion}
 */
public record BookingForm(
        LocalDate day,
        Optional<String> model,
        Optional<String> credential,
        String reason,
        Optional<String> name,
        Optional<String> version) {
    private static final int LONGEST_REASON = 200;

    /** The last three are those of the page. */
    private static final Set<String> MEMBERS =
            Set.of("reason", "model", "credential", "name", "version", "csrf", "from", "to");

    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{32}");

    /**
     * Reads a form.
     *
     * @throws InvalidValueException with the reason for the administrator
     */
    public static BookingForm read(LocalDate day, Form form) throws InvalidValueException {
        if (!MEMBERS.containsAll(form.values().keySet())) {
            throw new InvalidValueException(
                    "the members must be of these: " + String.join(", ", new TreeSet<>(MEMBERS)));
        }
        String reason = form.value("reason").strip();
        if (reason.isEmpty() || reason.length() > LONGEST_REASON || !isShown(reason)) {
            throw new InvalidValueException("reason: must have 1 to " + LONGEST_REASON + " characters in one line");
        }
        return new BookingForm(day, exact(form, "model"), exact(form, "credential"), reason, name(form), version(form));
    }

    private static Optional<String> name(Form form) throws InvalidValueException {
        var name = Optional.of(form.value("name").strip()).filter(value -> !value.isEmpty());
        if (name.filter(each -> !Actors.isName(each)).isPresent()) {
            throw new InvalidValueException("name: must be 1 to 64 letters, digits and . _ @ -");
        }
        return name;
    }

    private static Optional<String> version(Form form) throws InvalidValueException {
        // An empty one would book without the check that it is for.
        var version = Optional.ofNullable(form.values().get("version"));
        if (version.filter(each -> !VERSION.matcher(each).matches()).isPresent()) {
            throw new InvalidValueException("version: must be that of the day in the list of reconciliation");
        }
        return version;
    }

    /**
     * The page sends an empty value for all. A program must leave the member out: an empty value is probably a variable that was
     * not set.
     */
    private static Optional<String> exact(Form form, String name) throws InvalidValueException {
        var value = Optional.ofNullable(form.values().get(name));
        if (value.filter(String::isEmpty).isPresent() && !form.values().containsKey("csrf")) {
            throw new InvalidValueException(name + ": must be that of a line, or be left out for all");
        }
        return value.filter(each -> !each.isEmpty());
    }

    private static boolean isShown(String text) {
        return text.codePoints()
                .allMatch(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE);
    }

    /** What is to be booked, by whom. */
    public BookingRequest request(Actor actor) {
        return new BookingRequest(model, credential, reason, actor.name() + " from " + actor.address());
    }

    /** Whether the administrator has read another version than this one. */
    public boolean isOther(String now) {
        return version.filter(read -> !read.equals(now)).isPresent();
    }

    /** As a JSON object without the day, the same for the same form. */
    public String document() {
        return JsonDocuments.text(new Document(reason, model, credential, name, version));
    }

    /** A form without its day. No text form, as the form shows the day only. */
    @JsonbPropertyOrder({"reason", "model", "credential", "name", "version"})
    private record Document(
            String reason,
            Optional<String> model,
            Optional<String> credential,
            Optional<String> name,
            Optional<String> version) {
        @Override
        public String toString() {
            return "Document";
        }
    }

    /** The day only. */
    @Override
    public String toString() {
        return "BookingForm[" + day + "]";
    }
}
