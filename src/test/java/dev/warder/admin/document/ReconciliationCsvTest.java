package dev.warder.admin.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.dashboard.ReconciliationPage;
import dev.warder.reconciliation.ReconciliationReport;
import dev.warder.reconciliation.ReconciliationStatus;
import dev.warder.reconciliation.report.Counts;
import dev.warder.reconciliation.store.Adjustment;
import dev.warder.reconciliation.store.Comparison;
import dev.warder.reconciliation.store.LineId;
import dev.warder.reconciliation.store.ReconciliationDay;
import dev.warder.reconciliation.store.ReconciliationLine;
import dev.warder.reconciliation.store.Side;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names that clients have chosen, in CSV and on the page. */
class ReconciliationCsvTest {
    private static final ReconciliationPage.Administrator SESSION =
            new ReconciliationPage.Administrator("form-token", Optional.of("[a-z]+"));
    private static final ReconciliationPage.Administrator PROGRAM =
            new ReconciliationPage.Administrator("", Optional.empty());

    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final ReconciliationStatus STATUS =
            new ReconciliationStatus(false, Optional.of(NOW), Optional.of("<script>"), 1, 1, 1, 1);

    private static ReconciliationReport report(String model, boolean cut) {
        var sides = new Comparison(
                2,
                new Side(1_500_000_000L, new Counts(1, 2, 3, 4, 5, 6)),
                new Side(1_400_000_000L, new Counts(1, 2, 3, 4, 7, 6)),
                12);
        return new ReconciliationReport(
                DAY,
                DAY,
                List.of(new ReconciliationDay(DAY, true, NOW, 5_000_000, 10)),
                List.of(new ReconciliationLine(new LineId(DAY, model, "main"), sides, 0, 0)),
                cut,
                STATUS);
    }

    @Test
    void hasBothSidesOfALine() {
        assertThat(ReconciliationCsv.lines(report("claude-opus-5-5", false)))
                .isEqualTo("day,model,credential,state,unexplained,rows,"
                        + "ledger_cost,ledger_input,ledger_write_5m,ledger_write_1h,ledger_read,ledger_output,ledger_searches,"
                        + "report_cost,report_input,report_write_5m,report_write_1h,report_read,report_output,report_searches,"
                        + "difference,booked,not_booked,rounding,tokens_differ\r\n"
                        + "2026-11-20,claude-opus-5-5,main,settled,true,2,1.500000000,1,2,3,4,5,6,1.400000000,1,2,3,4,7,6,"
                        + "-0.100000000,0.000000000,-0.100000000,0.000000012,2\r\n");
    }

    @Test
    void protectsSpreadsheetsFromFormulas() {
        assertThat(ReconciliationCsv.lines(report("=HYPERLINK(\"x\"),", false)))
                .contains("2026-11-20,\"'=HYPERLINK(\"\"x\"\"),\",main,");
        var adjustment = ReconciliationDocument.Booking.of(
                new Adjustment(new LineId(DAY, "@model", "main"), 1, -7, "+1", "-ada", NOW));
        assertThat(ReconciliationCsv.bookings(List.of(adjustment), false))
                .endsWith("2026-11-20,'@model,main,1,-0.000000007,'+1,'-ada,2026-11-21T08:00:00Z\r\n");
    }

    @Test
    void reportsThatThereIsMore() {
        assertThat(ReconciliationCsv.lines(report("m", true))).endsWith("\r\nincomplete\r\n");
        assertThat(ReconciliationCsv.bookings(List.of(), true)).endsWith("\r\nincomplete\r\n");
    }

    @Test
    void thePageShowsNamesAsText() {
        var page = ReconciliationPage.page(Optional.of(report("<script>alert(1)</script>\"&", false)), SESSION);
        assertThat(page)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;", "value=\"form-token\"")
                .contains("settled, unexplained", "\u2212$0.1000")
                .contains("name=\"version\" value=\"", "name=\"name\"", "pattern=\"[a-z]+\"")
                .doesNotContain("<script");
    }

    @Test
    void thePageAsksForNoNameThatIsKnown() {
        var named = new ReconciliationPage.Administrator("form-token", Optional.empty());
        assertThat(ReconciliationPage.page(Optional.of(report("m", false)), named))
                .contains("name=\"reason\"")
                .doesNotContain("name=\"name\"");
    }

    /** An administrator would book what is not shown. */
    @Test
    void thePageHasNoFormForADayThatIsNotWhole() {
        assertThat(ReconciliationPage.page(Optional.of(report("m", true)), SESSION))
                .contains("Choose fewer days")
                .doesNotContain("name=\"reason\"");
    }

    @Test
    void thePageHasNoFormsThatChangeSomethingWithoutASession() {
        assertThat(ReconciliationPage.page(Optional.of(report("m", false)), PROGRAM))
                .doesNotContain("method=\"post\"");
        assertThat(ReconciliationPage.page(Optional.empty(), PROGRAM)).contains("reconcile.key", "are not set");
    }
}
