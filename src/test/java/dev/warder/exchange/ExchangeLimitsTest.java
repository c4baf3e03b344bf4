package dev.warder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.body.MemoryBudget.MemoryShare;
import dev.warder.config.Sources;
import dev.warder.exchange.Exchange.ClientSilence;
import dev.warder.exchange.ProxyContext.ClientShares;
import dev.warder.exchange.ProxySettings.Limits;
import dev.warder.exchange.up.Deadlines.Timeouts;
import dev.warder.policy.LivePolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limits and times of exchanges, and the shares that one client has of them. */
class ExchangeLimitsTest {
    @TempDir
    private Path folder = Path.of("");

    private final Limits limits = new Limits(1 << 20, 8L << 20, Duration.ofSeconds(1), 10, 2L << 20, 5, 1 << 20);
    private final AtomicInteger names = new AtomicInteger(2);
    private final ClientShares shares = new ClientShares(limits, names::get);

    @Test
    void notesABodyThatCanTakeAllMemoryWhenItIsCoded() {
        assertThat(Sources.with("limits.memory", "48m").notes())
                .containsExactly("limits.body: is more than half of limits.memory, which a gzip body can take twice");
    }

    @Test
    void readsWhatOneClientMayTakeAsAPartOfTheWholeOrByItself() {
        var parts = Sources.with("limits.memory", "64m")
                .set("limits.streams", "50")
                .set("limits.clientMemory", "25%")
                .set("limits.clientStreams", "10%")
                .set("timeouts.clientRead", "5s")
                .read()
                .proxy();
        assertThat(parts.limits().clientMemory()).isEqualTo(16 << 20);
        assertThat(parts.limits().clientStreams()).isEqualTo(5);
        assertThat(parts.timeouts().clientRead()).isEqualTo(Duration.ofSeconds(5));
        var amounts = Sources.with("limits.memory", "64m")
                .set("limits.clientMemory", "100m")
                .set("limits.clientStreams", "7")
                .read()
                .proxy();
        assertThat(amounts.limits().clientMemory()).isEqualTo(64 << 20);
        assertThat(amounts.limits().clientStreams()).isEqualTo(7);
        assertThat(Sources.with("limits.clientMemory", "101%").problem()).contains("a part of limits.memory");
        assertThat(Sources.with("limits.clientStreams", "0%").problem()).contains("more than nothing");
        assertThat(Sources.with("limits.clientStreams", "many").problem()).contains("a part of limits.streams");
    }

    @Test
    void readsLimitsAndTimeouts() {
        ProxySettings settings = Sources.with("limits.body", "512k")
                .set("limits.memory", "64m")
                .set("limits.memoryWait", "500ms")
                .set("limits.event", "1k")
                .set("timeouts.firstByte", "2m")
                .set("stream.keepAlive", "0s")
                .set("drain.file", folder.resolve("drain").toString())
                .read()
                .proxy();
        assertThat(settings.limits())
                .isEqualTo(new Limits(512 << 10, 64 << 20, Duration.ofMillis(500), 5000, 32 << 20, 2500, 1 << 10));
        assertThat(settings.timeouts().firstByte(true)).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.timeouts().firstByte(false)).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.keepAlive()).isZero();
        assertThat(settings.drainFile()).contains(folder.resolve("drain").toAbsolutePath());
    }

    @Test
    void givesStreamsAShorterTimeToTheFirstByte() {
        Timeouts timeouts = new Sources().read().proxy().timeouts();
        assertThat(timeouts.firstByte(true)).hasSeconds(120);
        assertThat(timeouts.firstByte(false)).hasSeconds(660);
    }

    @Test
    void refusesLessMemoryThanOneMebibyte() {
        assertThat(Sources.with("limits.memory", "1023k").problem()).startsWith("limits.memory: ");
        assertThat(Sources.with("limits.memory", "1m").read().proxy().limits().memory())
                .isEqualTo(1 << 20);
    }

    @Test
    void limitsOneOfSeveralClients() {
        var client = new Client("ci", Set.of(), List.of());
        assertThat(shares.streams(client)).isEqualTo(5);
        assertThat(shares.memory(client)).isEqualTo(new MemoryShare("ci", 2L << 20));
        names.set(1);
        assertThat(shares.streams(client)).isEqualTo(10);
        assertThat(shares.memory(client)).isEqualTo(MemoryShare.UNLIMITED);
    }

    @Test
    void limitsNeitherTheSharedTokenNorOpenAccess() {
        for (var client : List.of(Client.SHARED, Client.OPEN)) {
            assertThat(shares.streams(client)).isEqualTo(10);
            assertThat(shares.memory(client)).isEqualTo(MemoryShare.UNLIMITED);
        }
    }

    @Test
    void limitsAClientOfThePolicyWithAllItsTokens() throws Exception {
        var live = new LivePolicy(Optional.empty());
        live.accept(
                ("{\"version\":1,\"clients\":[{\"name\":\"ada\",\"kind\":\"person\",\"token_names\":[\"laptop\",\"desktop\"]},"
                                + "{\"name\":\"lab\",\"kind\":\"service\",\"token_names\":[\"lab-1\",\"shared\"]}]}")
                        .getBytes(StandardCharsets.UTF_8));
        for (var token : List.of("laptop", "desktop")) {
            var client = new Client(token, Set.of(), List.of(), live.current().entry(token), Optional.empty(), false);
            assertThat(shares.memory(client)).isEqualTo(new MemoryShare("ada", 2L << 20));
        }
        var lab = new Client("lab-1", Set.of(), List.of(), live.current().entry("lab-1"), Optional.empty(), false);
        assertThat(shares.memory(lab)).as("callers share its name").isEqualTo(MemoryShare.UNLIMITED);
    }

    /** Rule "Silence of a translated stream". */
    @ParameterizedTest
    @CsvSource({"15, 120", "1, 8", "60, 120", "0, 120"})
    void anEventIsDueAfterEightComments(int keepAlive, int seconds) {
        long due = Duration.ofSeconds(seconds).toNanos();
        var now = new AtomicLong(7);
        var silence = new ClientSilence(Duration.ofSeconds(keepAlive), now::get);
        now.addAndGet(due);
        assertThat(silence.eventDue()).isFalse();
        now.addAndGet(1);
        assertThat(silence.eventDue()).isTrue();
        silence.sent();
        assertThat(silence.eventDue()).as("after a comment").isTrue();
        silence.eventSent();
        now.addAndGet(due);
        assertThat(silence.eventDue()).isFalse();
        now.addAndGet(1);
        assertThat(silence.eventDue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"15, true", "0, false"})
    void aCommentIsDueAfterTheirInterval(int keepAlive, boolean due) {
        var now = new AtomicLong(7);
        var silence = new ClientSilence(Duration.ofSeconds(keepAlive), now::get);
        now.addAndGet(Duration.ofSeconds(15).toNanos());
        assertThat(silence.commentDue()).isFalse();
        now.addAndGet(1);
        assertThat(silence.commentDue()).isEqualTo(due);
        silence.sent();
        assertThat(silence.commentDue()).isFalse();
    }
}
