package dev.warder.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.config.Secret;
import dev.warder.credential.AnyUpstream;
import dev.warder.credential.CredentialPool;
import dev.warder.credential.CredentialSource;
import dev.warder.credential.ManagedCredential;
import dev.warder.credential.ManagedSettings.PoolOrder;
import dev.warder.credential.Outcome;
import dev.warder.credential.UpstreamCredential;
import dev.warder.oauth.StoppingStore.Step;
import dev.warder.oauth.TokenStore.TokenStoreException;
import dev.warder.testkit.TokenServer;
import dev.warder.testkit.Turns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
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

    /** Several processes that are told the same. One thread at a time. */
    final class Nodes implements AutoCloseable {
        private static final String TOKEN = "token ";

        private final List<NodeProcess> processes = new ArrayList<>();

        void add(NodeProcess process) {
            processes.add(process);
        }

        void tell(String line) throws IOException {
            for (var process : processes) {
                process.tell(line);
            }
        }

        void hear(String line) throws InterruptedException {
            for (var process : processes) {
                process.hear(line);
            }
        }

        /** The tokens that they say they have got, each value once. */
        Set<String> tokens() throws InterruptedException {
            var tokens = new TreeSet<String>();
            for (var process : processes) {
                String said = process.heard();
                assertThat(said).startsWith(TOKEN);
                tokens.add(said.substring(TOKEN.length()));
            }
            return tokens;
        }

        @Override
        public void close() {
            processes.forEach(NodeProcess::close);
        }
    }

    /**
     * A login whose access token has expired, a process that dies while it renews that, and two more nodes, in this process,
     * which want a token at that time. One thread at a time.
     */
    final class Cluster implements AutoCloseable {
        private final String address;
        private final SettableTime time = new SettableTime();
        private final TokenServer server = TokenServer.start();
        private final List<TokenSource> others = new ArrayList<>();
        private final List<CompletionStage<UpstreamCredential>> asked = new ArrayList<>();

        Cluster(String address) throws Exception {
            this.address = address;
            ClusterContract.logIn(address, server);
            time.pass(ClusterContract.LIFE);
            others.add(node());
            others.add(node());
        }

        TokenServer server() {
            return server;
        }

        /** Kills the process that renews when it is at this step; the others ask shortly before that. */
        void killAt(StoppingStore.Step step) throws Exception {
            try (var victim = NodeProcess.start(address, server.url(), step)) {
                begin(victim);
                victim.hear("at " + step);
                askAndKill(victim);
            }
        }

        /** The same, while it waits for the endpoint's answer. */
        void killWhileAsking() throws Exception {
            try (var victim = NodeProcess.start(address, server.url())) {
                begin(victim);
                server.awaitRequest();
                askAndKill(victim);
            }
        }

        void bothHaveTheNewToken() throws Exception {
            String one = LoginBench.token(asked.get(0));
            assertThat(LoginBench.token(asked.get(1))).isEqualTo(one);
            assertThat(server.knows(one)).isTrue();
            assertThat(server.refreshes().value()).isOne();
            assertThat(server.reuses().value()).isZero();
        }

        /** The endpoint took one more request, refused it, and is asked no more, by whomever and however often. */
        void loginIsLost() throws Exception {
            for (var answer : asked) {
                assertThat(refusal(answer).isTerminal()).isTrue();
            }
            assertThat(server.reuses().value()).isOne();
            others.add(node());
            for (var node : others) {
                assertThat(refusal(node.current(Client.OPEN))).hasMessageContaining("invalid_grant");
                assertThat(node.outOfUse().orElseThrow()).contains("team", "invalid_grant", "log in again");
                assertThat(nextCredential(node)).isEqualTo("second");
            }
            assertThat(SharedStores.at(address).read().orElseThrow().refused()).isTrue();
            time.pass(ClusterContract.LIFE);
            for (var node : others) {
                assertThat(refusal(node.current(Client.OPEN)).isTerminal()).isTrue();
            }
            assertThat(server.requests()).hasSize(2);
        }

        @Override
        public void close() throws IOException {
            others.forEach(TokenSource::close);
            server.close();
        }

        private TokenSource node() {
            return Node.source(SharedStores.at(address), server.url(), time);
        }

        private void begin(NodeProcess victim) throws Exception {
            victim.hear("ready");
            victim.tell("pass " + ClusterContract.LIFE.toSeconds());
            victim.hear("passed");
            victim.tell("ask");
        }

        private void askAndKill(NodeProcess victim) throws InterruptedException {
            others.forEach(node -> asked.add(node.current(Client.OPEN)));
            victim.kill();
        }

        private static CredentialSource.UnavailableException refusal(CompletionStage<UpstreamCredential> answer)
                throws Exception {
            try {
                throw new AssertionError("there is a value " + LoginBench.done(answer));
            } catch (ExecutionException failed) {
                return CredentialSource.UnavailableException.of(failed.getCause());
            }
        }

        /** What a request goes on with when the login has nothing for it. */
        private String nextCredential(TokenSource login) throws Exception {
            var second =
                    new ManagedCredential.Fixed("second", 1, false, Secret.of("sk-" + "ant-api03-" + "k".repeat(20)));
            var pool = new CredentialPool(
                    List.of(
                            new CredentialPool.Entry(login, 1, new AnyUpstream()),
                            new CredentialPool.Entry(second, 1, new AnyUpstream())),
                    PoolOrder.ORDERED,
                    time::nanoTime,
                    time);
            var request = pool.candidates(Client.OPEN, Optional.empty());
            var use = request.next().orElseThrow();
            LoginBench.done(use.source().current(Client.OPEN));
            use.ended(new Outcome.Responded(200, name -> Optional.empty()));
            return use.source().name();
        }
    }

    /** A running {@link Node}. One thread at a time. */
    final class NodeProcess implements AutoCloseable {
        private final Process process;
        private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

        private NodeProcess(Process process) {
            this.process = process;
            var listener = new Thread(this::listen, "node-" + process.pid());
            listener.setDaemon(true);
            listener.start();
        }

        /** Starts one; it is not awaited. */
        static NodeProcess start(String store, URI tokenUrl, StoppingStore.Step... stop) throws IOException {
            var command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Node.class.getName(),
                    store,
                    tokenUrl.toString()));
            for (var step : stop) {
                command.add(step.name());
            }
            return new NodeProcess(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }

        void tell(String line) throws IOException {
            var output = process.outputWriter();
            output.write(line + "\n");
            output.flush();
        }

        /** What it says next. */
        String heard() throws InterruptedException {
            String line = said.poll(60, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("process " + process.pid() + " says nothing");
            }
            return line;
        }

        void hear(String line) throws InterruptedException {
            assertThat(heard()).isEqualTo(line);
        }

        /** {@code kill -9}, and it is gone. */
        void kill() throws InterruptedException {
            process.destroyForcibly();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }

        private void listen() {
            try (BufferedReader output = process.inputReader()) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    said.add(line);
                }
                said.add("the end");
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }
}
