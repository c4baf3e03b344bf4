package dev.warder.reconciliation.store;

import java.util.Optional;

/**
 * Which differences of a day are to be booked. {@code toString} shows none of this. Immutable.
 *
 * @param model only those of this model
 * @param credential only those of this managed credential, by its name, which is not its value
 * @param reason at most 200 characters
 * @param by who books, at most 200 characters
 */
public record BookingRequest(Optional<String> model, Optional<String> credential, String reason, String by) {
    boolean isLimited() {
        return model.isPresent() || credential.isPresent();
    }

    boolean covers(LineId id) {
        return model.filter(each -> !each.equals(id.model())).isEmpty()
                && credential.filter(each -> !each.equals(id.credential())).isEmpty();
    }

    @Override
    public String toString() {
        return "BookingRequest";
    }
}
