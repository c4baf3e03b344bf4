package dev.warder.policy;

import static dev.warder.policy.Policies.client;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.FileWatch;
import dev.warder.config.InvalidValueException;
import dev.warder.config.LogCapture;
import dev.warder.config.WatchedFile;
import dev.warder.testkit.AtOnce;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivePolicyTest {
    @TempDir
    private Path folder = Path.of("");

    private final LivePolicy live = new LivePolicy(Optional.empty());
    private final FileWatch files = new FileWatch();

    /** A stream keeps its entry until it ends, while a directory may write a version each minute. */
    @Test
    void anEntryKeepsNoOtherClientOfItsVersion() throws Exception {
        live.accept(Policies.bytes("{'version': 1, 'teams': [{'name': 'blue', 'budgets': []}], 'clients': ["
                + client("ada", "'teams': ['blue']") + ", " + client("bob", "'teams': ['blue']") + "]}"));
        var entry = live.current().entry("ada").orElseThrow();
        var other = new WeakReference<>(live.current().principal("bob").orElseThrow());
        live.accept(content(2, "ada"));
        for (int i = 0; i < 100 && other.get() != null; i++) {
            System.gc();
        }
        assertThat(other.get()).isNull();
        assertThat(entry.budgets(Optional.empty(), Optional.empty())).isEmpty();
    }

    @Test
    void keepsThePolicyInUseWhereANewOneDoesNotMeetWhatIsRequired() throws Exception {
        watch(1, "ada");
        live.require(policy -> {
            if (policy.principal("bob").isPresent()) {
                throw new InvalidValueException("has bob");
            }
        });
        try (var log = new LogCapture(WatchedFile.class)) {
            write(2, "bob");
            files.poll();
            assertThat(log.warnings()).singleElement().asString().contains("policy.json: has bob; ");
        }
        assertThat(live.current().version()).isEqualTo(1);
        write(2, "cid");
        files.poll();
        assertThat(live.current().principal("cid"))
                .as("a version that was refused may be used again")
                .isPresent();
        assertThatThrownBy(() -> live.require(policy -> {
                    throw new InvalidValueException("never");
                }))
                .hasMessageContaining("never");
        write(3, "eve");
        files.poll();
        assertThat(live.current().principal("eve"))
                .as("a condition that was not met at once")
                .isPresent();
    }

    @Test
    void takesAHigherVersionFromElsewhereAndThenRefusesTheFile() throws Exception {
        watch(5, "ada");
        live.accept(content(7, "bob"));
        write(6, "eve");
        files.poll();
        assertThat(live.current().version()).isEqualTo(7);
        assertThat(live.current().principal("bob")).isPresent();
    }

    @Test
    void returnsThePolicyInUseForTheSameContent() throws Exception {
        var first = live.accept(content(1, "ada"));
        assertThat(live.accept(content(1, "ada"))).isSameAs(first);
        assertThat(live.current()).isSameAs(first);
    }

    @Test
    void isSupersededByAHigherVersionAndByOtherContents() throws Exception {
        var other = new LivePolicy(Optional.empty());
        live.accept(content(5, "ada"));
        other.accept(content(5, "ada"));
        assertThat(live.version()).isEqualTo(other.version());
        live.usedElsewhere(other.version());
        assertThat(live.supersededBy()).isEmpty();
        var differs = new LivePolicy(Optional.empty());
        differs.accept(content(5, "bob"));
        live.usedElsewhere(differs.version());
        assertThat(live.supersededBy()).contains(differs.version());
        other.accept(content(6, "ada"));
        live.usedElsewhere(other.version());
        live.usedElsewhere(differs.version());
        assertThat(live.supersededBy()).contains(other.version());
        live.accept(content(7, "ada"));
        assertThat(live.supersededBy()).isEmpty();
    }

    @Test
    void knowsClientsThatANewerVersionHasRemoved() throws Exception {
        var other = new LivePolicy(Optional.empty());
        live.accept(content(5, "ada"));
        live.ownedElsewhere(live.owners());
        assertThat(live.isRemovedElsewhere("ada", "ada")).isFalse();
        assertThat(live.isRemovedElsewhere("bob", "bob"))
                .as("what the policy in use decides")
                .isFalse();
        other.accept(content(6, "bob"));
        live.ownedElsewhere(other.owners());
        assertThat(live.isRemovedElsewhere("ada", "ada")).isTrue();
        assertThat(live.isRemovedElsewhere("bob", "bob")).isFalse();
        assertThat(live.isRemovedElsewhere("bob", "eve"))
                .as("a token of another client")
                .isTrue();
        live.accept(content(6, "bob"));
        assertThat(live.isRemovedElsewhere("ada", "ada"))
                .as("what the policy in use decides")
                .isFalse();
        other.accept(content(7, "ada"));
        live.ownedElsewhere(other.owners());
        live.accept(content(8, "bob"));
        assertThat(live.isRemovedElsewhere("bob", "bob"))
                .as("a version that is older here")
                .isFalse();
        var differs = new LivePolicy(Optional.empty());
        differs.accept(content(8, "eve"));
        live.ownedElsewhere(differs.owners());
        assertThat(live.isRemovedElsewhere("bob", "bob")).as("other contents").isTrue();
    }

    @Test
    void usesTheDefaultBudget() throws Exception {
        var limited = new LivePolicy(Optional.of(DefaultBudget.parse("3/day")));
        assertThat(limited.accept(content(1, "ada")).budgetsByKey()).containsOnlyKeys("client/ada/day");
    }

    @Test
    void endsWithTheHighestOfAllVersionsThatAreOfferedAtOnce() throws Exception {
        int threads = 4;
        AtOnce.run(threads, thread -> {
            for (int version = 1 + thread; version <= 400; version += threads) {
                offer(version);
            }
            return true;
        });
        assertThat(live.current().version()).isEqualTo(400);
    }

    private void offer(int version) {
        try {
            assertThat(live.accept(content(version, "ada")).version()).isEqualTo(version);
        } catch (InvalidValueException overtaken) {
            assertThat(overtaken.reason()).contains("lower than the version in use");
        }
    }

    private void watch(long version, String client) throws Exception {
        write(version, client);
        files.watch("policy.file", file(), live::accept);
    }

    private void write(long version, String client) throws IOException {
        Files.write(file(), content(version, client));
    }

    private static byte[] content(long version, String client) {
        return Policies.bytes("{'version': " + version + ", 'clients': [" + client(client, "") + "]}");
    }

    private Path file() {
        return folder.resolve("policy.json");
    }
}
