package dev.warder.admin.document;

import dev.warder.json.JsonDocuments;
import dev.warder.reconciliation.store.Bookings.Booked;
import dev.warder.reconciliation.store.ReconciliationLine;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.util.List;

/**
 * What a booking has done, for the caller. Amounts are US dollars as text. Immutable.
 *
 * @param lines how many lines were booked; 0 if all was booked before
 */
@JsonbPropertyOrder({"day", "lines", "amount"})
public record BookingDocument(String day, int lines, String amount) {
    /** What was booked of what was asked for. */
    public static BookingDocument of(BookingForm asked, Booked booked) {
        return new BookingDocument(
                asked.day().toString(), booked.lines().size(), BudgetDocument.dollars(booked.nanos()));
    }

    /** The same for the audit: each adjustment, with what names it in the list of them. The text form shows the amount only. */
    @JsonbPropertyOrder({"amount", "reason", "lines"})
    public record Audited(String amount, String reason, List<Line> lines) {
        /** The text for the audit. */
        public static String text(BookingForm asked, Booked booked) {
            return JsonDocuments.text(new Audited(
                    BudgetDocument.dollars(booked.nanos()),
                    asked.reason(),
                    booked.lines().stream().map(Line::of).toList()));
        }

        @Override
        public String toString() {
            return "Audited[" + amount + "]";
        }
    }

    /** An adjustment. The text form shows neither model nor credential. */
    @JsonbPropertyOrder({"model", "credential", "booking", "amount"})
    record Line(String model, String credential, int booking, String amount) {
        private static Line of(ReconciliationLine line) {
            return new Line(
                    line.id().model(),
                    line.id().credential(),
                    line.bookings() + 1,
                    BudgetDocument.dollars(line.open()));
        }

        @Override
        public String toString() {
            return "Line[" + amount + "]";
        }
    }
}
