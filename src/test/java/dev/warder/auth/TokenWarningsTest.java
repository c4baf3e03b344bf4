package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.FileWatch;
import dev.warder.config.LogCapture;
import dev.warder.config.Secret;
import dev.warder.policy.LivePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenWarningsTest {
    private static final String CLIENT = "{'name': '%s', 'kind': 'person'}";

    private final SecureRandom random = new SecureRandom();
    private final FileWatch watch = new FileWatch();
    private final LogCapture log = new LogCapture(TokenWarnings.class);
    private final Path file;

    TokenWarningsTest(@TempDir Path folder) {
        file = folder.resolve("clients");
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void namesTokensWithoutAClientAndClientsWithoutAToken() throws Exception {
        write("ci", "build");
        of(Optional.of("a".repeat(16)), policy("ci", "nightly")).report();
        assertThat(log.warnings())
                .containsExactly(
                        "policy.file: access tokens that belong to no client and get 403 (2): build, shared",
                        "policy.file: token_names without an access token or a certificate (1): nightly");
    }

    @Test
    void namesOpenAccess() throws Exception {
        var policy = Entries.policy(1, CLIENT.formatted("ada"));
        var clients = new ClientSettings(
                Optional.empty(), Optional.empty(), Optional.empty(), "X-Token", true, false, ClientCertificates.OFF);
        new TokenWarnings(clients, directory(clients, Optional.of(policy), watch)).report();
        assertThat(log.warnings())
                .containsExactly(
                        "policy.file: access tokens that belong to no client and get 403 (1): open",
                        "policy.file: token_names without an access token or a certificate (1): ada");
    }

    @Test
    void isSilentWhereAllTokensHaveAClient() throws Exception {
        write("ci");
        of(Optional.empty(), policy("ci")).report();
        var clients = settings(Optional.empty());
        new TokenWarnings(clients, directory(clients, Optional.empty(), watch)).report();
        assertThat(log.all()).as("also without a policy").isEmpty();
    }

    @Test
    void waitsForTheOtherFile() throws Exception {
        write("ci");
        var policy = policy("ci");
        var warnings = of(Optional.empty(), policy);
        warnings.report();
        put(policy, 2, "ci", "new");
        warnings.look();
        write("ci", "new");
        watch.poll();
        warnings.look();
        warnings.look();
        assertThat(log.all()).as("both have changed, one after the other").isEmpty();
        write("ci", "new", "more");
        watch.poll();
        warnings.look();
        assertThat(log.all()).isEmpty();
        warnings.look();
        warnings.look();
        assertThat(log.warnings())
                .containsExactly("policy.file: access tokens that belong to no client and get 403 (1): more");
        put(policy, 3, "new", "ci");
        warnings.look();
        warnings.look();
        assertThat(log.all()).as("nothing new").hasSize(1);
    }

    @Test
    void namesTwenty() throws Exception {
        write(IntStream.range(10, 35).mapToObj(number -> "ci-" + number).toArray(String[]::new));
        of(Optional.empty(), policy("ci-10")).report();
        assertThat(log.warnings())
                .singleElement()
                .asString()
                .startsWith("policy.file: access tokens that belong to no client and get 403 (24): ci-11, ")
                .endsWith(", ci-30 and 4 more");
    }

    @Test
    void knowsTheNamesOfCertificates() throws Exception {
        write("ci");
        var rules = new AtomicReference<>(
                ClientCertificates.parse("[{'name': 'robot', 'subject': 'CN=robot'}]".replace('\'', '"')));
        var certificates =
                new ClientCertificates(ClientCertificates.Mode.ALLOW, rules::get, List.of(), InstantSource.system());
        var clients = settings(Optional.empty(), certificates);
        var warnings = new TokenWarnings(clients, directory(clients, Optional.of(policy("ci", "robot")), watch));
        warnings.report();
        assertThat(log.all()).isEmpty();
        rules.set(ClientCertificates.parse("[{'name': 'old', 'subject': 'CN=robot'}]".replace('\'', '"')));
        warnings.look();
        warnings.look();
        assertThat(log.warnings())
                .containsExactly(
                        "policy.file: client certificates that belong to no client and get 403 (1): old",
                        "policy.file: token_names without an access token or a certificate (1): robot");
    }

    private TokenWarnings of(Optional<String> shared, LivePolicy policy) {
        var clients = settings(shared);
        return new TokenWarnings(clients, directory(clients, Optional.of(policy), watch));
    }

    private ClientSettings settings(Optional<String> shared) {
        return settings(shared, ClientCertificates.OFF);
    }

    private ClientSettings settings(Optional<String> shared, ClientCertificates certificates) {
        return new ClientSettings(
                shared.map(Secret::of), Optional.of(file), Optional.empty(), "X-Token", false, false, certificates);
    }

    private void write(String... names) throws IOException {
        Files.writeString(
                file,
                Stream.of(names)
                        .map(name -> AccessToken.generate(random).line(name) + "\n")
                        .collect(Collectors.joining()));
    }

    private static LivePolicy policy(String... names) throws Exception {
        var live = new LivePolicy(Optional.empty());
        put(live, 1, names);
        return live;
    }

    private static void put(LivePolicy live, int version, String... names) throws Exception {
        Entries.put(live, version, Stream.of(names).map(CLIENT::formatted).collect(Collectors.joining(", ")));
    }

    private static ClientDirectory directory(ClientSettings clients, Optional<LivePolicy> policy, FileWatch watch) {
        return ClientDirectory.of(clients, policy, new IssuedTokens(), watch, InstantSource.system());
    }

    @Nested
    class RefusalLogTest {
        private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 7);
        private final RefusalLog refused = new RefusalLog(time::get);
        private final LogCapture log = new LogCapture(RefusalLog.class);

        @AfterEach
        void close() {
            log.close();
        }

        @Test
        void hasOneLineForEachKeyAndMinute() {
            refused.add("ci", "first");
            for (int i = 0; i < 100; i++) {
                refused.add("ci", "later");
            }
            refused.add("laptop", "other");
            assertThat(log.all())
                    .containsExactly(
                            "first; its next line follows after a minute at the earliest",
                            "other; its next line follows after a minute at the earliest");
            pass(Duration.ofSeconds(59));
            refused.add("ci", "later");
            assertThat(log.all()).hasSize(2);
            pass(Duration.ofSeconds(1));
            refused.add("ci", "second");
            refused.add("ci", "later");
            assertThat(log.all()).hasSize(3).last().asString().contains("second");
        }

        @Test
        void remembersALimitedNumberOfKeys() {
            for (int i = 0; i < 3 * RefusalLog.MOST; i++) {
                refused.add("token-" + i, "id");
            }
            assertThat(log.all()).hasSize(RefusalLog.MOST);
            pass(Duration.ofMinutes(1));
            refused.add("ci", "id");
            assertThat(log.all()).hasSize(RefusalLog.MOST + 1);
        }

        private void pass(Duration span) {
            time.addAndGet(span.toNanos());
        }
    }
}
