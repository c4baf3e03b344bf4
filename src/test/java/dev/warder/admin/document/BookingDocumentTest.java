package dev.warder.admin.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonDocuments;
import dev.warder.reconciliation.report.Counts;
import dev.warder.reconciliation.store.Bookings.Booked;
import dev.warder.reconciliation.store.Comparison;
import dev.warder.reconciliation.store.LineId;
import dev.warder.reconciliation.store.ReconciliationLine;
import dev.warder.reconciliation.store.Side;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Byte for byte: the form is a part of what makes a repetition known. */
class BookingDocumentTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");

    private static BookingForm form(Optional<String> text) {
        return new BookingForm(DAY, text, text, "an \"invoice\"", text, text);
    }

    @Test
    void theFormHasWhatIsGiven() {
        assertThat(form(Optional.empty()).document()).isEqualTo("{\"reason\":\"an \\\"invoice\\\"\"}");
        assertThat(form(Optional.of("x")).document())
                .isEqualTo("{\"reason\":\"an \\\"invoice\\\"\",\"model\":\"x\",\"credential\":\"x\",\"name\":\"x\","
                        + "\"version\":\"x\"}");
    }

    @Test
    void whatWasBooked() {
        var sides = new Comparison(1, new Side(10, Counts.NONE), new Side(15, Counts.NONE), 0);
        var line = new ReconciliationLine(new LineId(DAY, "claude-opus-5-5", "main"), sides, 2, 1);
        var form = form(Optional.empty());
        assertThat(JsonDocuments.text(BookingDocument.of(form, new Booked(List.of(line)))))
                .isEqualTo("{\"day\":\"2026-11-20\",\"lines\":1,\"amount\":\"0.000000003\"}");
        assertThat(BookingDocument.Audited.text(form, new Booked(List.of(line))))
                .isEqualTo("{\"amount\":\"0.000000003\",\"reason\":\"an \\\"invoice\\\"\",\"lines\":["
                        + "{\"model\":\"claude-opus-5-5\",\"credential\":\"main\",\"booking\":2,"
                        + "\"amount\":\"0.000000003\"}]}");
        assertThat(JsonDocuments.text(BookingDocument.of(form, new Booked(List.of()))))
                .isEqualTo("{\"day\":\"2026-11-20\",\"lines\":0,\"amount\":\"0.000000000\"}");
    }
}
