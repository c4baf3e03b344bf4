package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.config.Secret;
import dev.warder.database.DatabaseSchema;
import dev.warder.reconcile.Comparison;
import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.LedgerSample;
import dev.warder.reconcile.ReconcileSettings;
import dev.warder.reconcile.Reconciliation;
import dev.warder.reconcile.ReconciliationReport;
import dev.warder.reconcile.ReconciliationReport.LineId;
import dev.warder.reconcile.ReconciliationStore;
import dev.warder.testkit.Chromium;
import dev.warder.testkit.H2Memory;
import dev.warder.upstream.Outbound;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of reconciliation, in Chromium: both colour schemes, two widths, and what axe-core finds. */
@Tag("turn-8")
@Tag("turn-only")
class ReconciliationPageIT {
    /** The day before that of {@link AdminSite#BEGIN}. */
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private Optional<AdminSite> site = Optional.empty();
    private Optional<Reconciliation> reconciliation = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        var settings = new ReconcileSettings(
                URI.create("http://127.0.0.1:1"), Secret.of("not-used"), "2023-06-01", Map.of("apikey_1", "main"));
        reconciliation = Optional.of(new Reconciliation(
                settings,
                h2.database(),
                h2.database(),
                Duration.ofDays(400),
                Outbound.DIRECT,
                Thread::new,
                InstantSource.system()));
        site = Optional.of(new AdminSite(
                URI.create("http://login.example/authorize"), parts -> parts.reconciliation = reconciliation));
        new DatabaseSchema(h2.database(), DatabaseSchema.Tables.LEDGER).bringUpToDate();
        fill();
    }

    @AfterEach
    void stop() throws Exception {
        if (site.isPresent()) {
            site.get().stop();
        }
        reconciliation.ifPresent(Reconciliation::close);
    }

    private void fill() throws Exception {
        save(
                DAY.minusDays(1),
                line("claude-opus-5-5", "main", 812_345_678_901L, 812_345_678_900L, 0),
                line("claude-haiku-4-5", "main", 4_120_000_000L, 4_120_000_000L, 0));
        save(
                DAY,
                line("claude-opus-5-5", "main", 1_204_880_112_000L, 1_212_390_512_000L, 48_211),
                line("claude-sonnet-5-5", "backup", 88_200_000_000L, 87_950_000_000L, 12_500),
                line("claude-haiku-4-5", "main", 310_000_000L, 310_000_000L, 0));
        new LedgerSample(h2.database())
                .execute("UPDATE warder_reconciliation_line SET booked_nanos = -250000000, bookings = 1"
                        + " WHERE model = 'claude-sonnet-5-5'");
    }

    private record Sample(String model, String credential, Comparison sides) {}

    private static Sample line(String model, String credential, long ledger, long report, long tokens) {
        var used = new Side(ledger, 1_200_000, 40_000, 0, 9_000_000, 310_000, 2);
        var more = new Side(report, 1_200_000 + tokens, 40_000, 0, 9_000_000, 310_000, 2);
        return new Sample(model, credential, new Comparison(1204, used, more, 1500));
    }

    private void save(LocalDate day, Sample... lines) throws Exception {
        new LedgerSample(h2.database())
                .execute(
                        "INSERT INTO warder_reconciliation_day (day_utc, settled, looked_at, other_nanos, other_tokens)"
                                + " VALUES ('" + day + "', FALSE, TIMESTAMP WITH TIME ZONE '" + AdminSite.BEGIN
                                + "', 0, 0)");
        var all = new HashMap<LineId, Comparison>();
        for (var line : lines) {
            all.put(new LineId(day, line.model, line.credential), line.sides);
        }
        var compared = new ReconciliationReport.Day(day, false, AdminSite.BEGIN, 15_220_000_000L, 4_000_000);
        assertThat(new ReconciliationStore(h2.database()).save(compared, all)).isPresent();
    }

    @Test
    void readsWellInBothSchemesAndTwoWidths() throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            site.orElseThrow().signIn(browser, "/admin/reconciliation", "Reconciliation");
            AdminSite.look(browser, "reconciliation");
        }
    }
}
