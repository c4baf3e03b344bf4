package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.page.ReconciliationPage;
import dev.warder.reconcile.Comparison;
import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.Reconciliation.ReconciliationStatus;
import dev.warder.reconcile.ReconciliationReport;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names that clients have chosen, in CSV and on the page. */
class ReconciliationDocumentTest {
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final ReconciliationStatus STATUS =
            new ReconciliationStatus(Optional.of(NOW), Optional.of("<script>"), 1, 1, 1, 1);

    private static ReconciliationReport report(String model, boolean cut) {
        var sides = new Comparison(
                2, new Side(1_500_000_000L, 1, 2, 3, 4, 5, 6), new Side(1_400_000_000L, 1, 2, 3, 4, 7, 6), 12);
        return new ReconciliationReport(
                DAY,
                DAY,
                List.of(new ReconciliationReport.Day(DAY, true, NOW, 5_000_000, 10)),
                List.of(new ReconciliationReport.Line(
                        new ReconciliationReport.LineId(DAY, model, "main"), sides, 0, 0)),
                cut,
                STATUS);
    }

    private static String csv(ReconciliationReport report) {
        return ReconciliationDocument.of(report).csv();
    }

    @Test
    void hasBothSidesOfALine() {
        assertThat(csv(report("claude-opus-5-5", false)))
                .isEqualTo("day,model,credential,state,unexplained,rows,"
                        + "ledger_cost,ledger_input,ledger_write_5m,ledger_write_1h,ledger_read,ledger_output,ledger_searches,"
                        + "report_cost,report_input,report_write_5m,report_write_1h,report_read,report_output,report_searches,"
                        + "difference,booked,not_booked,rounding,tokens_differ\r\n"
                        + "2026-11-20,claude-opus-5-5,main,settled,true,2,1.500000000,1,2,3,4,5,6,1.400000000,1,2,3,4,7,6,"
                        + "-0.100000000,0.000000000,-0.100000000,0.000000012,2\r\n");
    }

    @Test
    void protectsSpreadsheetsFromFormulas() {
        assertThat(csv(report("=HYPERLINK(\"x\"),", false))).contains("2026-11-20,\"'=HYPERLINK(\"\"x\"\"),\",main,");
    }

    @Test
    void reportsThatThereIsMore() {
        assertThat(csv(report("m", true))).endsWith("\r\nincomplete\r\n");
    }

    @Test
    void thePageShowsNamesAsText() {
        var page = ReconciliationPage.page(Optional.of(report("<script>alert(1)</script>\"&", false)), "form-token");
        assertThat(page)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;", "value=\"form-token\"")
                .contains("settled, unexplained", "\u2212$0.1000")
                .doesNotContain("<script");
        assertThat(ReconciliationPage.page(Optional.of(report("m", true)), "")).contains("Choose fewer days");
        assertThat(ReconciliationPage.page(Optional.empty(), "")).contains("reconcile.key", "are not set");
    }
}
