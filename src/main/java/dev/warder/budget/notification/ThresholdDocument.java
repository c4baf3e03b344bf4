package dev.warder.budget.notification;

import dev.warder.json.JsonDocuments;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A {@link ThresholdReached} as the content of a message. Numbers are decimal strings, so that no reader rounds them. */
@JsonbPropertyOrder({
    "id",
    "type",
    "time",
    "text",
    "budget",
    "scope",
    "mode",
    "periodStart",
    "periodEnd",
    "share",
    "amount",
    "spent"
})
record ThresholdDocument(
        String id,
        String type,
        String time,
        String text,
        String budget,
        String scope,
        String mode,
        @JsonbProperty("period_start") String periodStart,
        @JsonbProperty(value = "period_end", nillable = true) Optional<String> periodEnd,
        String share,
        String amount,
        String spent) {
    /** In UTF-8. */
    static byte[] bytes(ThresholdReached reached) {
        return JsonDocuments.bytes(new ThresholdDocument(
                reached.id(),
                ThresholdReached.TYPE,
                reached.time().truncatedTo(ChronoUnit.MILLIS).toString(),
                reached.text(),
                reached.budget().key(),
                reached.budget().scope().word(),
                reached.mode(),
                reached.window().start().toString(),
                reached.window().end().map(Object::toString),
                reached.share().toString(),
                reached.amount().toPlainString(),
                reached.spent().toPlainString()));
    }
}
