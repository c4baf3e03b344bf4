package dev.warder.admin;

import dev.warder.json.JsonTree;
import dev.warder.reconciliation.store.Bookings.Booked;

/** What a booking has done, as JSON. Amounts are US dollars as text. Immutable. */
record BookingDocument(BookingForm asked, Booked booked) {
    /** For the caller; no lines if all was booked before. */
    String text() {
        return JsonTree.newObject()
                .add("day", asked.day().toString())
                .add("lines", booked.lines().size())
                .add("amount", BudgetDocument.dollars(booked.nanos()))
                .build()
                .toString();
    }

    /** For the audit: each adjustment, with what names it in the list of them. */
    String audited() {
        var lines = JsonTree.newArray();
        booked.lines()
                .forEach(line -> lines.add(JsonTree.newObject()
                        .add("model", line.id().model())
                        .add("credential", line.id().credential())
                        .add("booking", line.bookings() + 1)
                        .add("amount", BudgetDocument.dollars(line.open()))));
        return JsonTree.newObject()
                .add("amount", BudgetDocument.dollars(booked.nanos()))
                .add("reason", asked.reason())
                .add("lines", lines)
                .build()
                .toString();
    }

    /** The day only. */
    @Override
    public String toString() {
        return "BookingDocument[" + asked.day() + "]";
    }
}
