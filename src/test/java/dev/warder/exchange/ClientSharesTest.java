package dev.warder.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.body.MemoryShare;
import dev.warder.policy.LivePolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientSharesTest {
    private final Limits limits = new Limits(1 << 20, 8L << 20, Duration.ofSeconds(1), 10, 2L << 20, 5, 1 << 20);
    private final AtomicInteger names = new AtomicInteger(2);
    private final ClientShares shares = new ClientShares(limits, names::get);

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
            var client = new Client(token, Set.of(), List.of(), live.current().entry(token));
            assertThat(shares.memory(client)).isEqualTo(new MemoryShare("ada", 2L << 20));
        }
        var lab = new Client("lab-1", Set.of(), List.of(), live.current().entry("lab-1"));
        assertThat(shares.memory(lab)).as("callers share its name").isEqualTo(MemoryShare.UNLIMITED);
    }
}
