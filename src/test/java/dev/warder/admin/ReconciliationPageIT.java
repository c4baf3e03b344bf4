package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.config.Secret;
import dev.warder.database.DatabaseSchema;
import dev.warder.database.RepeatableTransactions;
import dev.warder.http.Attributes;
import dev.warder.policy.LivePolicy;
import dev.warder.principal.api.PrincipalApi;
import dev.warder.reconciliation.ReconcileSettings;
import dev.warder.reconciliation.Reconciliation;
import dev.warder.reconciliation.report.AdminApi;
import dev.warder.reconciliation.report.Counts;
import dev.warder.reconciliation.report.KeyMap;
import dev.warder.reconciliation.store.BookingRequest;
import dev.warder.reconciliation.store.Bookings;
import dev.warder.reconciliation.store.Comparison;
import dev.warder.reconciliation.store.DayLook;
import dev.warder.reconciliation.store.LineId;
import dev.warder.reconciliation.store.ReconciliationStore;
import dev.warder.reconciliation.store.Side;
import dev.warder.testkit.Chromium;
import dev.warder.testkit.H2Memory;
import dev.warder.testkit.PageLook;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of reconciliation, in Chromium: both colour schemes, two widths, what axe-core finds, and a booking by hand. */
@Tag("turn-8")
@Tag("turn-only")
class ReconciliationPageIT {
    /** The day before that of {@link AdminSite#BEGIN}. */
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");

    private static final UUID RUN = new UUID(3, 3);
    private static final int WIDE = 1280;
    private static final int PHONE = 390;

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private Optional<AdminSite> site = Optional.empty();
    private Optional<Reconciliation> reconciliation = Optional.empty();
    private Optional<PrincipalApi> api = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        var settings = new ReconcileSettings(
                new AdminApi(URI.create("http://127.0.0.1:1"), Secret.of("not-used"), "2023-06-01"),
                new KeyMap(Map.of("apikey_1", "main")));
        reconciliation = Optional.of(new Reconciliation(
                settings,
                h2.database(),
                h2.database(),
                Duration.ofDays(400),
                Optional.empty(),
                Thread::new,
                InstantSource.system(),
                new SplittableRandom(1)));
        var policy = LivePolicy.ofDatabase(Optional.empty());
        api = Optional.of(new PrincipalApi(Administrations.of(h2.database(), policy), Thread::new));
        site = Optional.of(new AdminSite(URI.create("http://login.example/authorize"), application -> {
            Attributes.put(application, PrincipalApi.class, api.orElseThrow());
            Attributes.put(application, Reconciliation.class, reconciliation.orElseThrow());
        }));
        fill(new ReconciliationStore(h2.database()));
    }

    @AfterEach
    void stop() throws Exception {
        if (site.isPresent()) {
            site.get().stop();
        }
        reconciliation.ifPresent(Reconciliation::close);
        api.ifPresent(PrincipalApi::close);
    }

    private void fill(ReconciliationStore store) throws Exception {
        store.take(RUN);
        save(
                store,
                DAY.minusDays(1),
                line("claude-opus-5-5", "main", 812_345_678_901L, 812_345_678_900L, 0),
                line("claude-haiku-4-5", "main", 4_120_000_000L, 4_120_000_000L, 0));
        save(
                store,
                DAY,
                line("claude-opus-5-5", "main", 1_204_880_112_000L, 1_212_390_512_000L, 48_211),
                line("claude-sonnet-5-5", "backup", 88_200_000_000L, 87_950_000_000L, 12_500),
                line("claude-haiku-4-5", "main", 310_000_000L, 310_000_000L, 0));
        var request = new BookingRequest(Optional.of("claude-sonnet-5-5"), Optional.empty(), "invoice", "ada");
        new RepeatableTransactions(h2.database(), DatabaseSchema.Tables.RECONCILIATION)
                .run(connection ->
                        Bookings.of(connection, DAY, Set.of()).orElseThrow().book(request));
    }

    private record Sample(String model, String credential, Comparison sides) {}

    private static Sample line(String model, String credential, long ledger, long report, long tokens) {
        var counts = new Counts(1_200_000, 40_000, 0, 9_000_000, 310_000, 2);
        var more = new Counts(tokens, 0, 0, 0, 0, 0);
        return new Sample(
                model,
                credential,
                new Comparison(1204, new Side(ledger, counts), new Side(report, counts.plus(more)), 1500));
    }

    private static void save(ReconciliationStore store, LocalDate day, Sample... lines) throws Exception {
        var all = new HashMap<LineId, Comparison>();
        for (var line : lines) {
            all.put(new LineId(day, line.model, line.credential), line.sides);
        }
        assertThat(store.save(RUN, new DayLook(day, all, 15_220_000_000L, 4_000_000))
                        .saved())
                .isTrue();
    }

    private void signIn(Chromium browser) throws Exception {
        browser.open(site.orElseThrow().uri("/admin/reconciliation"));
        browser.awaitFocus("textbox", "Administrator's token (admin.token)");
        browser.type(AdminSite.TOKEN);
        browser.press(Chromium.Key.ENTER);
        browser.await("heading", "Reconciliation");
    }

    @Test
    void readsWellInBothSchemesAndTwoWidths() throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            signIn(browser);
            browser.evaluate("document.querySelector('details').open = true; 'done'");
            PageLook.look(browser, "reconciliation-light", WIDE, false);
            PageLook.look(browser, "reconciliation-dark", WIDE, true);
            PageLook.look(browser, "reconciliation-phone", PHONE, false);
            PageLook.look(browser, "reconciliation-phone-dark", PHONE, true);
            assertThat(browser.complaints()).allSatisfy(complaint -> assertThat(complaint)
                    .contains("the server responded with a status of 401"));
        }
    }

    @Test
    void booksWithoutAScript() throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            signIn(browser);
            browser.evaluate("document.getElementById('b-2026-11-20-reason').closest('details').open = true;"
                    + "document.getElementById('b-2026-11-20-reason').value = 'by hand';"
                    + "document.querySelector('#d-2026-11-20 form.book button').click(); 'done'");
            browser.awaitValue(
                    "String(document.querySelectorAll('#d-2026-11-20 form').length === 0 && location.hash)",
                    "#d-2026-11-20");
            assertThat(new ReconciliationStore(h2.database()).adjustments(DAY, DAY))
                    .filteredOn(each -> each.reason().equals("by hand"))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.nanos()).isEqualTo(7_510_400_000L);
                        assertThat(each.by()).isEqualTo("admin.token from 127.0.0.1");
                    });
        }
    }

    /** What is open of the day since the page was loaded is not what the administrator has seen, although its sum is. */
    @Test
    void booksNothingElseThanThePageShows() throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            signIn(browser);
            save(
                    new ReconciliationStore(h2.database()),
                    DAY,
                    line("claude-opus-5-5", "main", 1_204_880_112_000L, 1_212_390_511_000L, 48_211),
                    line("claude-sonnet-5-5", "backup", 88_200_000_000L, 87_950_000_000L, 12_500),
                    line("claude-haiku-4-5", "main", 310_000_000L, 310_001_000L, 0));
            browser.evaluate("document.getElementById('b-2026-11-20-reason').closest('details').open = true;"
                    + "document.getElementById('b-2026-11-20-reason').value = 'by hand';"
                    + "document.querySelector('#d-2026-11-20 form.book button').click(); 'done'");
            browser.await("heading", "Warder");
            assertThat(browser.evaluate("document.body.innerText")).contains("has changed", "Nothing was booked.");
            assertThat(new ReconciliationStore(h2.database()).adjustments(DAY, DAY))
                    .noneMatch(each -> each.reason().equals("by hand"));
        }
    }

    @Test
    void asksForANameThatTheAuditTakes() throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            signIn(browser);
            assertThat(
                            browser.evaluate(
                                    "let name = document.getElementById('b-2026-11-20-name');"
                                            + "['ada', 'ada b', ''].map(each => { name.value = each; return name.validity.valid; }).join()"))
                    .isEqualTo("true,false,true");
        }
    }

    @Test
    void withoutScriptsThePageIsTheSame() throws Exception {
        try (var browser = Chromium.start()) {
            signIn(browser);
            browser.await("button", "Look now");
        }
    }
}
