package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.NodeFacts;
import dev.warder.admin.page.NodeNumbers;
import dev.warder.admin.page.NodeNumbers.Use;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.http.Attributes;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.SampleLedger;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.Preceded;
import dev.warder.testkit.RawClient;
import dev.warder.testkit.RawRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The overview while the database takes its time. */
@Timeout(60)
class OverviewPiecesTest {
    private static final String PAGE = "/admin/?range=month&nodes=all";

    @TempDir
    private Path folder = Path.of("");

    private final CountDownLatch goesOn = new CountDownLatch(1);

    /** Has no connection before it may go on. */
    private DataSource slow() {
        var source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return Preceded.by(
                method -> assertThat(goesOn.await(40, TimeUnit.SECONDS)).isTrue(), DataSource.class, source);
    }

    private static Dashboard dashboard(Ledger ledger) {
        return dashboard(
                ledger,
                () -> new NodeNumbers(
                        new Use(7, 5000), 7, 3, new Use(5_300_000, 320L << 20), 0, OptionalLong.of(7), List.of()));
    }

    private static Dashboard dashboard(Ledger ledger, Supplier<NodeNumbers> numbers) {
        return new Dashboard(
                Optional.of(ledger),
                new NodeFacts("0.1.0", "Jetty", "https://api.anthropic.com", AdminSite.BEGIN, List.of()),
                numbers,
                List::of,
                new RecentRefusals(() -> AdminSite.BEGIN),
                () -> AdminSite.BEGIN);
    }

    @Test
    void isShownDownToItsPanelsWhileTheLedgerIsRead() throws Exception {
        try (var ledger = ledger()) {
            var site = site(dashboard(ledger));
            try (var client = RawClient.connect(site.uri(""))) {
                client.send(request());
                assertThat(client.readHead().status()).isEqualTo(200);
                var begin = new StringBuilder();
                while (!begin.toString().endsWith("</p>\n")) {
                    begin.append(new String(client.readSome(64 * 1024), StandardCharsets.UTF_8));
                }
                assertThat(begin.toString())
                        .contains("<h1>Warder</h1>", "aria-current=\"true\">Month")
                        .endsWith("load the page again.</p>\n")
                        .doesNotContain("class=\"panel", "</html>");
                goesOn.countDown();
                var end = new StringBuilder();
                while (!end.toString().endsWith("</html>\n")) {
                    end.append(new String(client.readSome(64 * 1024), StandardCharsets.UTF_8));
                }
                assertThat(end.toString()).contains("id=\"as-of\"", "class=\"panel");
                // At once, and therefore whole, with its length.
                var again = RawClient.exchange(site.uri(""), request());
                assertThat(again.fields().first("content-length")).isPresent();
                assertThat(again.text())
                        .startsWith(begin.substring(0, begin.indexOf("<p class=\"note")))
                        .endsWith("</html>\n")
                        .doesNotContain("is being read");
            } finally {
                goesOn.countDown();
                site.stop();
            }
        }
    }

    /** The head was sent, so that there can be no other status. */
    @Test
    void hasANoteInsteadOfPanelsThatCannotBeMade() throws Exception {
        try (var ledger = ledger();
                var log = LogCapture.start()) {
            var site = site(dashboard(ledger, () -> {
                throw new IllegalStateException("a fault of the program");
            }));
            try (var client = RawClient.connect(site.uri(""))) {
                client.send(request());
                var head = client.readHead();
                assertThat(head.status()).isEqualTo(200);
                goesOn.countDown();
                assertThat(client.readBody(head).text())
                        .contains("<h1>Warder</h1>", "The panels cannot be shown")
                        .doesNotContain("a fault of the program")
                        .endsWith("</main>\n</body>\n</html>\n");
                assertThat(log.lines("dev.warder.admin", Level.SEVERE))
                        .singleElement()
                        .satisfies(line -> assertThat(line.text()).matches("(?s)request req_wrd_\\w+ failed.*"));
            } finally {
                goesOn.countDown();
                site.stop();
            }
        }
    }

    @Test
    void sendsItsHeadWithoutTheLedger() throws Exception {
        try (var ledger = ledger()) {
            var site = site(dashboard(ledger));
            try {
                var head = RawClient.exchange(site.uri(""), request("HEAD"));
                assertThat(head.status()).isEqualTo(200);
                assertThat(head.fields().first("content-type")).contains("text/html;charset=utf-8");
                assertThat(head.text()).isEmpty();
            } finally {
                goesOn.countDown();
                site.stop();
            }
        }
    }

    private Ledger ledger() {
        return SampleLedger.in(slow(), Duration.ofDays(400), Optional.of(folder));
    }

    private static AdminSite site(Dashboard dashboard) throws Exception {
        return new AdminSite(
                URI.create("http://login.example/authorize"),
                application -> Attributes.put(application, Dashboard.class, dashboard));
    }

    private static RawRequest request() {
        return request("GET");
    }

    private static RawRequest request(String method) {
        return RawRequest.of(method, "/gw" + PAGE)
                .field("Accept", "text/html")
                .field("Authorization", "Bearer " + AdminSite.TOKEN);
    }
}
