package dev.warder.policy.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.LogCapture;
import dev.warder.policy.PolicyVersion;
import dev.warder.policy.reading.LivePolicy;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionExchangeTest {
    private final LivePolicy first = new LivePolicy(Optional.empty());
    private final LivePolicy second = new LivePolicy(Optional.empty());
    private final LogCapture log = new LogCapture(VersionExchange.class);
    private PolicyVersion kept = PolicyVersion.NONE;
    private boolean fails;
    private Runnable file = () -> {};

    private final VersionStore store = version -> {
        if (fails) {
            throw new VersionStoreException("the store of the test is away");
        }
        kept = version.number() > kept.number() ? version : kept;
        return kept;
    };

    private final VersionExchange ofFirst = new VersionExchange(first, store, () -> {});
    private final VersionExchange ofSecond = new VersionExchange(second, store, () -> file.run());

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void reportsAVersionThatAnotherNodeUses() throws Exception {
        use(first, 7);
        use(second, 7);
        look();
        assertThat(second.supersededBy()).isEmpty();
        use(first, 8);
        look();
        look();
        assertThat(first.supersededBy()).isEmpty();
        assertThat(second.supersededBy().map(PolicyVersion::number)).contains(8L);
        assertThat(log.warnings())
                .containsExactly("policy.file: version 7 is older than version 8, which another node or an earlier"
                        + " start has used; new requests get 503 until the file has that version or a higher one");
        use(second, 9);
        assertThat(second.supersededBy()).as("at once").isEmpty();
        look();
        assertThat(log.all()).endsWith("policy.file: version 9 is the newest; requests are served again");
        look();
        assertThat(first.supersededBy().map(PolicyVersion::number)).contains(9L);
    }

    @Test
    void reportsOtherContentsOfTheSameVersionAsAnOlderOne() throws Exception {
        use(first, 7);
        second.accept("{\"version\": 7, \"teams\": []}".getBytes(StandardCharsets.UTF_8));
        look();
        look();
        assertThat(first.supersededBy()).as("the node that came first").isEmpty();
        assertThat(second.supersededBy()).contains(first.version());
        assertThat(log.all())
                .containsExactly("policy.file: this file with version 7 has the SHA-256 "
                        + second.version().sha256() + ", and that of another node or of an earlier start has "
                        + first.version().sha256() + "; new requests get 503 until the file has a higher version");
        assertThat(log.severe()).hasSize(1);
        use(first, 8);
        look();
        assertThat(log.warnings()).singleElement().asString().contains("version 7 is older than version 8");
        use(second, 8);
        look();
        assertThat(second.supersededBy()).as("the same contents").isEmpty();
        assertThat(log.all()).endsWith("policy.file: version 8 is the newest; requests are served again");
    }

    @Test
    void comparesOnceBeforeThePolicyMayBeUsed() throws Exception {
        use(first, 8);
        use(second, 7);
        ofFirst.look();
        assertThat(first.awaitsComparison()).isFalse();
        assertThat(second.awaitsComparison()).isTrue();
        file = () -> assertThat(second.awaitsComparison()).as("during the look").isTrue();
        ofSecond.look();
        assertThat(second.awaitsComparison()).isFalse();
        assertThat(second.supersededBy()).isPresent();
    }

    @Test
    void waitsNoLongerForAStoreThatIsAway() throws Exception {
        use(first, 7);
        fails = true;
        ofFirst.look();
        assertThat(first.awaitsComparison()).isFalse();
        assertThat(first.supersededBy()).isEmpty();
    }

    @Test
    void looksAtTheFileBeforeItCountsAsOlder() throws Exception {
        use(first, 7);
        use(second, 7);
        look();
        // Both files are replaced, and only the first has been looked at.
        use(first, 8);
        file = () -> {
            assertThat(second.supersededBy()).as("not known yet").isEmpty();
            accept(second, 8);
        };
        look();
        assertThat(second.supersededBy()).isEmpty();
        assertThat(second.current().version()).isEqualTo(8);
        assertThat(log.warnings()).isEmpty();
    }

    /** Otherwise another node would know of it only after the next look at all files. */
    @Test
    void keepsTheVersionOfAFileThatHasJustChanged() throws Exception {
        use(second, 7);
        look();
        file = () -> accept(second, 8);
        ofSecond.look();
        assertThat(kept.number()).isEqualTo(8);
    }

    @Test
    void remembersWhatItKnowsWhileTheStoreIsAway() throws Exception {
        use(first, 8);
        use(second, 7);
        look();
        fails = true;
        look();
        look();
        assertThat(second.supersededBy().map(PolicyVersion::number)).contains(8L);
        assertThat(log.warnings())
                .filteredOn(line -> line.endsWith("not known: the store of the test is away"))
                .as("once for each node")
                .hasSize(2);
        fails = false;
        look();
        assertThat(log.all()).contains("policy.file: the versions of all nodes are known again");
        assertThat(second.supersededBy().map(PolicyVersion::number)).contains(8L);
    }

    private void look() {
        ofFirst.look();
        ofSecond.look();
    }

    private static void use(LivePolicy live, long version) throws Exception {
        live.accept(("{\"version\": " + version + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static void accept(LivePolicy live, long version) {
        try {
            use(live, version);
        } catch (Exception unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
