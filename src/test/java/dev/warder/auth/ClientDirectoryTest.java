package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.ConfigException;
import dev.warder.config.FileWatch;
import dev.warder.config.Secret;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.testkit.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientDirectoryTest {
    private static final String HEADER = "X-Warder-Token";
    private static final Call MESSAGE =
            new Call("id", "POST", new RequestTarget("/v1/messages", Optional.empty()), Route.MESSAGES);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AccessToken token = AccessToken.generate(RANDOM);
    private final FileWatch watch = new FileWatch();
    private Instant now = Instant.parse("2026-11-20T00:00:00Z");

    private final Path folder;

    ClientDirectoryTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void knowsTheSharedToken() {
        String shared = "visible ASCII".replace(' ', '-') + "!".repeat(8);
        var directory = directory(Optional.of(shared), Optional.empty(), Optional.empty());
        assertThat(directory.authenticate(shared)).contains(Client.SHARED);
        assertThat(directory.authenticate(shared + "!")).isEmpty();
        assertThat(directory.authenticate("")).isEmpty();
        assertThat(directory.authenticate("x".repeat(8_192))).isEmpty();
    }

    /** A short one is not compared for the rest of a second in which too many wrong ones came, and the log has a line. */
    @Test
    void slowsGuessesOfAShortSharedTokenDown() {
        try (var log = LogCapture.start()) {
            var directory = directory(Optional.of("s".repeat(31)), Optional.empty(), Optional.empty());
            int guesses = 0;
            while (directory.refusalOfUnknown().status() == 401 && guesses < 100_000) {
                assertThat(directory.authenticate("guess" + guesses++)).isEmpty();
            }
            assertThat(guesses).isBetween(20, 99_999);
            assertThat(directory.refusalOfUnknown().status()).isEqualTo(429);
            assertThat(log.lines(TokenThrottle.class.getName(), Level.WARNING))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).contains("clients.token: 5 wrong tokens"));
        }
    }

    @Test
    void comparesALongSharedTokenAlways() {
        String shared = "s".repeat(32);
        var directory = directory(Optional.of(shared), Optional.empty(), Optional.empty());
        for (int i = 0; i < 1000; i++) {
            assertThat(directory.authenticate("guess" + i)).isEmpty();
            assertThat(directory.authenticate(shared)).contains(Client.SHARED);
        }
        assertThat(directory.refusalOfUnknown().status()).isEqualTo(401);
    }

    @Test
    void takesATokenOfItsOwnMakingAsTheSharedOne() {
        var directory = directory(Optional.of(token.reveal()), Optional.empty(), Optional.empty());
        assertThat(directory.authenticate(token.reveal())).contains(Client.SHARED);
    }

    @Test
    void knowsTheClientsOfTheFile() throws IOException {
        var directory = ofFile(token.line("ci") + " models=claude-*");
        assertThat(directory.authenticate(token.reveal()).map(Client::name)).contains("ci");
        assertThat(directory.authenticate(token.reveal()).orElseThrow().mayUse("other"))
                .isFalse();
    }

    @Test
    void findsTheEntryOfATokenInThePolicyThatIsInUse() throws Exception {
        Path file = Files.writeString(folder.resolve("clients"), token.line("ci"));
        var settings = new ClientSettings(Optional.empty(), Optional.of(file), Optional.empty(), HEADER, false);
        var policy = Entries.policy(1, "{'name': 'build', 'kind': 'service', 'token_names': ['ci']}");
        var directory = ClientDirectory.of(settings, Optional.of(policy), watch, () -> now);
        var caller = directory.authenticate(token.reveal()).orElseThrow();
        assertThat(caller.name()).isEqualTo("ci");
        assertThat(directory.inPolicy(caller).map(Client::name)).contains("build");
        assertThat(directory.names()).isEqualTo(1);
        Entries.put(policy, 2, "{'name': 'ada', 'kind': 'person'}, {'name': 'bob', 'kind': 'person'}");
        assertThat(directory.authenticate(token.reveal())).isPresent();
        assertThat(directory.inPolicy(caller)).as("a client that was removed").isEmpty();
        assertThat(directory.names()).isEqualTo(2);
    }

    @Test
    void needsNoEntryWithoutAPolicy() throws IOException {
        var directory = ofFile(token.line("ci"));
        var caller = directory.authenticate(token.reveal()).orElseThrow();
        assertThat(directory.inPolicy(caller)).containsSame(caller);
        assertThat(directory.refusalIfRemoved(caller)).isEmpty();
        assertThat(directory.refusalNow(MESSAGE, caller, Optional.of("claude-x")))
                .isEmpty();
    }

    @Test
    void decidesAgainByThePolicyThatIsInUse() throws Exception {
        Path file = Files.writeString(folder.resolve("clients"), token.line("ci"));
        var settings = new ClientSettings(Optional.empty(), Optional.of(file), Optional.empty(), HEADER, false);
        var policy = Entries.policy(1, entry("build", ""));
        var directory = ClientDirectory.of(settings, Optional.of(policy), watch, () -> now);
        var admitted = directory
                .inPolicy(directory.authenticate(token.reveal()).orElseThrow())
                .orElseThrow();
        assertThat(statusNow(directory, admitted)).isZero();
        Entries.put(policy, 2, entry("build", ", 'tags': ['x']"));
        assertThat(statusNow(directory, admitted)).isZero();
        Entries.put(policy, 3, entry("build", ", 'paths': ['/v1/files']"));
        assertThat(statusNow(directory, admitted)).isEqualTo(403);
        Entries.put(policy, 4, entry("build", ", 'models': ['claude-haiku*']"));
        assertThat(statusNow(directory, admitted)).isEqualTo(403);
        Entries.put(policy, 5, entry("build", ", 'models': ['claude-x']"));
        assertThat(statusNow(directory, admitted))
                .as("other models of the body were not checked")
                .isEqualTo(503);
        assertThat(directory.refusalIfRemoved(admitted)).isEmpty();
        for (var other : List.of(entry("other", ""), "{'name': 'bob', 'kind': 'person'}")) {
            Entries.put(policy, policy.current().version() + 1, other);
            assertThat(statusNow(directory, admitted)).as(other).isEqualTo(403);
            assertThat(directory.refusalIfRemoved(admitted).orElseThrow().message())
                    .contains("no longer belongs to the client build");
        }
        Entries.put(policy, 9, entry("build", ""));
        assertThat(statusNow(directory, admitted)).as("there again").isZero();
        assertThat(directory.refusalIfRemoved(admitted)).isEmpty();
    }

    @Test
    void refusesNewRequestsUntilThePolicyIsComparedWithThatOfOtherNodes() throws Exception {
        Path file = Files.writeString(folder.resolve("clients"), token.line("ci"));
        var settings = new ClientSettings(Optional.empty(), Optional.of(file), Optional.empty(), HEADER, false);
        var policy = Entries.policy(4, entry("build", ""));
        var directory = ClientDirectory.of(settings, Optional.of(policy), watch, () -> now);
        assertThat(directory.refusalIfOutdated()).as("without other nodes").isEmpty();
        policy.awaitComparison();
        assertThat(directory.refusalIfOutdated().orElseThrow().status()).isEqualTo(503);
        policy.compared();
        assertThat(directory.refusalIfOutdated()).isEmpty();
    }

    @Test
    void refusesNewRequestsWhileAnotherNodeUsesANewerPolicy() throws Exception {
        Path file = Files.writeString(folder.resolve("clients"), token.line("ci"));
        var settings = new ClientSettings(Optional.empty(), Optional.of(file), Optional.empty(), HEADER, false);
        var policy = Entries.policy(4, entry("build", ""));
        var directory = ClientDirectory.of(settings, Optional.of(policy), watch, () -> now);
        var admitted = directory
                .inPolicy(directory.authenticate(token.reveal()).orElseThrow())
                .orElseThrow();
        policy.usedElsewhere(Entries.policy(4, entry("build", "")).version());
        assertThat(directory.refusalIfOutdated()).isEmpty();
        policy.usedElsewhere(
                Entries.policy(4, entry("build", ", 'tags': ['x']")).version());
        assertThat(directory.refusalIfOutdated()).as("other contents").isPresent();
        policy.usedElsewhere(Entries.policy(6, entry("build", "")).version());
        policy.usedElsewhere(Entries.policy(5, entry("build", "")).version());
        assertThat(directory.refusalIfOutdated().orElseThrow().status()).isEqualTo(503);
        assertThat(statusNow(directory, admitted)).isEqualTo(503);
        assertThat(directory.refusalIfRemoved(admitted)).as("what runs goes on").isEmpty();
        Entries.put(policy, 6, entry("build", ""));
        assertThat(directory.refusalIfOutdated()).isEmpty();
        assertThat(statusNow(directory, admitted)).isZero();
    }

    @Test
    void endsRequestsOfClientsThatTheNewerPolicyOfAnotherNodeDoesNotHave() throws Exception {
        Path file = Files.writeString(folder.resolve("clients"), token.line("ci"));
        var settings = new ClientSettings(Optional.empty(), Optional.of(file), Optional.empty(), HEADER, false);
        var policy = Entries.policy(4, entry("build", ""));
        var directory = ClientDirectory.of(settings, Optional.of(policy), watch, () -> now);
        var admitted = directory
                .inPolicy(directory.authenticate(token.reveal()).orElseThrow())
                .orElseThrow();
        policy.ownedElsewhere(
                Entries.policy(5, entry("build", ", 'tags': ['x']")).owners());
        assertThat(directory.refusalIfRemoved(admitted)).isEmpty();
        for (var newer : List.of("{'name': 'ci', 'kind': 'service'}", "{'name': 'build', 'kind': 'service'}", "")) {
            policy.ownedElsewhere(Entries.policy(6, newer).owners());
            var refusal = directory.refusalIfRemoved(admitted).orElseThrow();
            assertThat(refusal.status()).as(newer).isEqualTo(403);
            assertThat(refusal.message()).contains("no longer belongs to the client build");
        }
        Entries.put(policy, 7, entry("build", ""));
        assertThat(directory.refusalIfRemoved(admitted)).isEmpty();
    }

    private static String entry(String name, String members) {
        return "{'name': '" + name + "', 'kind': 'service', 'token_names': ['ci']" + members + "}";
    }

    /** 0 if the request is still permitted. */
    private static int statusNow(ClientDirectory directory, Client admitted) {
        return directory
                .refusalNow(MESSAGE, admitted, Optional.of("claude-x"))
                .map(ErrorReply::status)
                .orElse(0);
    }

    /** No part of a token decides: neither its beginning, nor its end, nor its public id. */
    @Test
    void takesNoneOfAMillionTokensThatResembleAValidOne() throws IOException {
        String valid = token.reveal();
        String shared = "shared-" + "access".repeat(6);
        var directory = directory(
                Optional.of(shared),
                Optional.of(Files.writeString(folder.resolve("clients"), token.line("ci"))),
                Optional.empty());
        var random = new SplittableRandom(18);
        int wrong = 0;
        for (int i = 0; i < 1_000_000; i++) {
            String presented = resembling(i % 2 == 0 ? valid : shared, random);
            if (directory.authenticate(presented).isPresent()) {
                wrong++;
            }
        }
        assertThat(wrong).as("with seed 18").isZero();
        assertThat(directory.authenticate(valid)).isPresent();
        assertThat(directory.authenticate(shared)).isPresent();
    }

    /** The token with one to four characters changed, so that the rest of it is right. */
    private static String resembling(String token, SplittableRandom random) {
        var text = new StringBuilder(token);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int place = random.nextInt(text.length());
            char other = (char) ('2' + random.nextInt(6));
            text.setCharAt(place, text.charAt(place) == other ? 'z' : other);
        }
        return text.toString().equals(token) ? token + "2" : text.toString();
    }

    @Test
    void logsTheNameOfAClientWhoseTokenHasExpired() throws IOException {
        var directory = ofFile(token.line("ci") + " expires=2026-11-19T00:00:00Z");
        try (var log = LogCapture.start().plant(token.reveal())) {
            assertThat(directory.authenticate(token.reveal())).isEmpty();
            assertThat(log.lines(ClientDirectory.class.getName(), Level.INFO))
                    .extracting(line -> line.text())
                    .containsExactly("clients.file: the access token of ci has expired");
            assertThat(log.leaks()).isEmpty();
        }
    }

    @Test
    void knowsNobodyElse() throws IOException {
        var directory = ofFile(token.line("ci"));
        assertThat(directory.authenticate(AccessToken.generate(RANDOM).reveal()))
                .isEmpty();
        assertThat(directory.authenticate(TokenHash.plain().hex(token.reveal())))
                .isEmpty();
        assertThat(directory.authenticate(token.id())).isEmpty();
    }

    @Test
    void refusesAnotherSecretUnderAKnownId() throws IOException {
        var other = AccessToken.generate(RANDOM);
        var directory =
                ofFile("ci id=" + token.id() + " sha256=" + TokenHash.plain().hex(other.reveal()));
        assertThat(directory.authenticate(token.reveal())).isEmpty();
        assertThat(directory.authenticate(other.reveal())).isEmpty();
    }

    @Test
    void usesTheSharedTokenAndTheFileTogether() throws IOException {
        String shared = "s".repeat(16);
        var directory = directory(Optional.of(shared), Optional.of(write(token.line("ci"))), Optional.empty());
        assertThat(directory.authenticate(shared)).contains(Client.SHARED);
        assertThat(directory.authenticate(token.reveal()).map(Client::name)).contains("ci");
    }

    @Test
    void refusesATokenFromItsExpiryOn() throws IOException {
        var directory = ofFile(token.line("ci") + " expires=2026-11-20T00:00:10Z");
        now = Instant.parse("2026-11-20T00:00:09.999Z");
        assertThat(directory.authenticate(token.reveal())).isPresent();
        now = Instant.parse("2026-11-20T00:00:10Z");
        assertThat(directory.authenticate(token.reveal())).isEmpty();
    }

    @Test
    void hashesUnderThePepper() throws IOException {
        var pepper = Optional.of(Secret.of("pepper"));
        var file = Optional.of(write(token.line("ci", TokenHash.of(pepper))));
        assertThat(directory(Optional.empty(), file, pepper).authenticate(token.reveal()))
                .isPresent();
        assertThat(directory(Optional.empty(), file, Optional.empty()).authenticate(token.reveal()))
                .isEmpty();
        assertThat(directory(Optional.empty(), file, Optional.of(Secret.of("another")))
                        .authenticate(token.reveal()))
                .isEmpty();
    }

    @Test
    void followsTheFileAndKeepsTheLastUsableVersion() throws IOException {
        var directory = ofFile(token.line("ci"));
        var next = AccessToken.generate(RANDOM);

        write(token.line("ci") + "\n" + next.line("ci-2") + "\n");
        watch.poll();
        assertThat(directory.authenticate(token.reveal())).isPresent();
        assertThat(directory.authenticate(next.reveal())).isPresent();

        write(next.line("ci-2") + "\nbroken");
        watch.poll();
        assertThat(directory.authenticate(token.reveal())).isPresent();

        write(next.line("ci-2"));
        watch.poll();
        assertThat(directory.authenticate(token.reveal())).isEmpty();
        assertThat(directory.authenticate(next.reveal())).isPresent();

        write("");
        watch.poll();
        assertThat(directory.authenticate(next.reveal())).isEmpty();
    }

    @Test
    void doesNotStartWithABrokenFile() throws IOException {
        Path file = write("# head\nci id=x");
        assertThatThrownBy(() -> directory(Optional.empty(), Optional.of(file), Optional.empty()))
                .isInstanceOfSatisfying(ConfigException.class, broken -> assertThat(broken.problems())
                        .singleElement()
                        .asString()
                        .startsWith("clients.file: ")
                        .contains("line 2 "));
    }

    private ClientDirectory ofFile(String text) throws IOException {
        return directory(Optional.empty(), Optional.of(write(text)), Optional.empty());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("clients"), text);
    }

    private ClientDirectory directory(Optional<String> shared, Optional<Path> file, Optional<Secret> pepper) {
        var clients = new ClientSettings(shared.map(Secret::of), file, pepper, HEADER, false);
        return ClientDirectory.of(clients, watch, () -> now);
    }
}
