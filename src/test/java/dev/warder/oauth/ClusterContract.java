package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.oauth.StoppingStore.Step;
import dev.warder.testkit.TokenServer;
import dev.warder.testkit.Turns;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that share one login, in whichever store: one refreshes for all, and may die of it at any step. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("turn-2")
interface ClusterContract {
    /** Of the tokens that the endpoint gives. */
    Duration LIFE = Duration.ofHours(8);

    /** The address of a store for this test, empty at first, as {@link SharedStores#at} accepts it. */
    String address() throws Exception;

    @Test
    default void refreshesOnceForAllProcessesAtEachExpiry() throws Exception {
        int processes = Turns.of(2, 8);
        int expiries = Turns.of(4, 100);
        String address = address();
        try (var server = TokenServer.start();
                var nodes = new Nodes()) {
            logIn(address, server);
            for (int number = 0; number < processes; number++) {
                nodes.add(NodeProcess.start(address, server.url()));
            }
            nodes.hear("ready");
            var seen = new HashSet<String>();
            for (int expiry = 0; expiry < expiries; expiry++) {
                nodes.tell("pass " + LIFE.toSeconds());
                nodes.hear("passed");
                nodes.tell("ask");
                var tokens = nodes.tokens();
                assertThat(tokens).hasSize(1);
                assertThat(tokens).allMatch(server::knows).allMatch(seen::add);
            }
            assertThat(server.refreshes().value()).isEqualTo(expiries);
            assertThat(server.requests()).hasSize(expiries);
            assertThat(server.reuses().value()).isZero();
        }
    }

    @Test
    default void refreshesForAProcessThatDiedBeforeItAsked() throws Exception {
        try (var cluster = new Cluster(address())) {
            cluster.killAt(Step.LOCKED);
            cluster.bothHaveTheNewToken();
            assertThat(cluster.server().requests()).hasSize(1);
        }
    }

    @Test
    default void refreshesForAProcessWhoseRequestTheEndpointNeverSaw() throws Exception {
        try (var cluster = new Cluster(address())) {
            cluster.server().stall(new CountDownLatch(1));
            cluster.killWhileAsking();
            cluster.bothHaveTheNewToken();
            assertThat(cluster.server().requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STORED", "RELEASED"})
    default void usesWhatAProcessStoredThatDied(Step step) throws Exception {
        try (var cluster = new Cluster(address())) {
            cluster.killAt(step);
            cluster.bothHaveTheNewToken();
            assertThat(cluster.server().requests()).hasSize(1);
        }
    }

    @Test
    default void asksOnceMoreForAProcessThatDiedBeforeTheAnswer() throws Exception {
        try (var cluster = new Cluster(address())) {
            cluster.server().keepBack(new CountDownLatch(1));
            cluster.killWhileAsking();
            cluster.loginIsLost();
        }
    }

    @Test
    default void asksOnceMoreForAProcessThatDiedWithTheAnswer() throws Exception {
        try (var cluster = new Cluster(address())) {
            cluster.killAt(Step.ANSWERED);
            cluster.loginIsLost();
        }
    }

    /** Puts a login of the server's into the store, whose access token has {@link #LIFE} to live. */
    static void logIn(String address, TokenServer server) throws TokenStoreException {
        var token = new OAuthToken(
                LoginBench.access("first"),
                Optional.of(server.login()),
                new SettableTime().instant().plus(LIFE),
                Optional.of(LIFE),
                List.of("user:inference"),
                Optional.empty());
        SharedStores.at(address).exclusively(held -> held.write(token));
    }
}
