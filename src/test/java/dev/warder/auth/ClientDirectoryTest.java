package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.FileWatch;
import dev.warder.config.Secret;
import dev.warder.testkit.LogCapture;
import dev.warder.testkit.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.logging.Level;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientDirectoryTest {
    private static final String HEADER = "X-Warder-Token";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AccessToken token = AccessToken.generate(RANDOM);
    private final FileWatch watch = new FileWatch();
    private Instant now = Instant.parse("2026-11-20T00:00:00Z");

    private final Path folder;

    ClientDirectoryTest(@TempDir Path folder) {
        this.folder = folder;
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

    /** No part of a token decides: neither its beginning, nor its end, nor its public id. */
    @Test
    @Tag("turn-5")
    void takesNoTokenThatResemblesAValidOne() throws IOException {
        String valid = token.reveal();
        String shared = "shared-" + "access".repeat(6);
        var directory = directory(
                Optional.of(shared),
                Optional.of(Files.writeString(folder.resolve("clients"), token.line("ci"))),
                Optional.empty());
        var random = new SplittableRandom(18);
        int wrong = 0;
        for (int i = 0; i < Turns.of(100_000, 1_000_000); i++) {
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

    private ClientDirectory ofFile(String text) throws IOException {
        return directory(Optional.empty(), Optional.of(write(text)), Optional.empty());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("clients"), text);
    }

    private ClientDirectory directory(Optional<String> shared, Optional<Path> file, Optional<Secret> pepper) {
        var clients =
                new ClientSettings(shared.map(Secret::of), file, pepper, HEADER, false, false, ClientCertificates.OFF);
        return ClientDirectory.of(clients, Optional.empty(), new IssuedTokens(), watch, () -> now);
    }
}
