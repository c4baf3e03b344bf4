package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warder.admin.page.Dashboard;
import dev.warder.admin.page.RecentRefusals;
import dev.warder.admin.page.Snapshot;
import dev.warder.admin.page.Snapshot.NodeNumbers.Use;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.credential.CredentialState.Quota;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.ledger.Ledger;
import dev.warder.ledger.SampleLedger;
import dev.warder.record.CompletedRequest;
import dev.warder.record.CompletedRequest.ConversationIds;
import dev.warder.record.RequestEnd;
import dev.warder.testkit.Chromium;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The page of administrators with a day of a team, in Chromium: both colour schemes, two widths, and what axe-core finds. The
 * pictures in {@code target} are those of the documentation.
 */
@Tag("turn-8")
@Tag("turn-only")
class OverviewPageIT {
    private static final Instant NOW = Instant.parse("2026-11-22T15:41:20Z");

    private AdminSite site;
    private final AdminThreads threads = new AdminThreads(Thread::new);
    private Ledger ledger;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Chromium.installed(), "skipped: needs the program " + Chromium.PROGRAM);
        ledger = SampleLedger.at(NOW);
        site = new AdminSite(
                URI.create("http://login.example/authorize"), parts -> parts.dashboard = Optional.of(dashboard()));
    }

    @AfterEach
    void stop() throws Exception {
        threads.close();
        if (site != null) {
            site.stop();
            ledger.close();
        }
    }

    private Dashboard dashboard() {
        var clock = new AtomicReference<>(NOW.minusSeconds(1400));
        var refusals = new RecentRefusals(clock::get);
        refuse(
                refusals,
                "ci-nightly",
                ErrorReply.rateLimited("The client has as many open requests as it may have.", 1));
        clock.set(NOW.minusSeconds(700));
        refuse(refusals, "editor", ErrorReply.forbidden("The access token does not permit the model claude-opus-5-5."));
        clock.set(NOW.minusSeconds(95));
        refuse(refusals, "-", ErrorReply.challenge("The access token is not valid."));
        var facts = new Snapshot.NodeFacts(
                "0.1.0",
                "Apache Tomcat/10.1.61",
                "https://api.anthropic.com",
                NOW.minus(Duration.ofHours(76)),
                List.of());
        return new Dashboard(
                Optional.of(ledger),
                threads::shared,
                () -> new Snapshot.Node(
                        facts,
                        new Snapshot.NodeNumbers(
                                new Use(7, 5000),
                                7,
                                3,
                                new Use(5_300_000, 320L << 20),
                                0,
                                OptionalLong.of(7),
                                List.of()),
                        credentials(),
                        refusals.all(),
                        refusals.unknown()),
                () -> NOW);
    }

    private static void refuse(RecentRefusals refusals, String client, ErrorReply error) {
        refusals.completed(new CompletedRequest(
                new Call(
                        "req_wrd_01k" + client.hashCode(),
                        "POST",
                        new RequestTarget("/v1/messages", Optional.empty()),
                        Route.MESSAGES),
                "/v1/messages",
                client.equals("-") ? Optional.empty() : Optional.of(client),
                Optional.of("claude-opus-5-5"),
                Optional.empty(),
                ConversationIds.UNKNOWN,
                List.of(),
                OptionalInt.of(error.status()),
                1,
                2,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(3),
                RequestEnd.REFUSED,
                Optional.of(error)));
    }

    private static List<CredentialState> credentials() {
        var requests = new Quota.Part("requests", "3871 of 4000", Optional.empty());
        var tokens = new Quota.Part("input-tokens", "1620000 of 2000000", Optional.empty());
        return List.of(
                new CredentialState(
                        "team",
                        CredentialSource.Kind.API_KEY,
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        false,
                        Optional.of(new Quota(NOW.minusSeconds(4), List.of(requests, tokens)))),
                new CredentialState(
                        "spare",
                        CredentialSource.Kind.OAUTH,
                        false,
                        Optional.of("benched after 429"),
                        Optional.of(Duration.ofSeconds(42)),
                        List.of(),
                        false,
                        Optional.empty()));
    }

    @Test
    void readsWellInBothSchemesAndTwoWidths() throws Exception {
        try (var browser = Chromium.startWithScripts()) {
            site.signIn(browser, "/admin/?range=day", "Open now");
            browser.open(site.uri("/admin/?range=day"));
            browser.await("heading", "Open now");
            browser.awaitValue("String(document.getElementById('refresh').parentNode.hidden)", "false");
            AdminSite.look(browser, "overview");
            assertThat(browser.requests()).isNotEmpty().allSatisfy(address -> assertThat(address.getHost())
                    .isEqualTo("127.0.0.1"));
        }
    }

    /** Large pictures would make every clone slow. */
    @Test
    void keepsThePicturesOfTheDocumentationSmall() throws Exception {
        try (var pictures = Files.list(Path.of("src/site/resources"))) {
            assertThat(pictures.toList()).isNotEmpty().allSatisfy(picture -> assertThat(Files.size(picture))
                    .isLessThan(150 * 1024));
        }
    }
}
