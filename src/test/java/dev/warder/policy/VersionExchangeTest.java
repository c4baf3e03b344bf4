package dev.warder.policy;

import static dev.warder.testkit.Sql.execute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.LogCapture;
import dev.warder.testkit.H2Memory;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VersionExchangeTest {
    private final LivePolicy first = new LivePolicy(Optional.empty());
    private final LivePolicy second = new LivePolicy(Optional.empty());
    private final LogCapture log = new LogCapture(VersionExchange.class);
    private Runnable file = () -> {};

    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private Optional<VersionExchange> ofFirst = Optional.empty();
    private Optional<VersionExchange> ofSecond = Optional.empty();

    @BeforeEach
    void begin() {
        ofFirst = Optional.of(new VersionExchange(first, new DatabaseVersions(h2.database()), () -> {}));
        ofSecond = Optional.of(new VersionExchange(second, new DatabaseVersions(h2.database()), () -> file.run()));
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void comparesOnceBeforeThePolicyMayBeUsed() throws Exception {
        use(first, 8);
        use(second, 7);
        ofFirst.orElseThrow().look();
        assertThat(first.awaitsComparison()).isFalse();
        assertThat(second.awaitsComparison()).isTrue();
        file = () -> assertThat(second.awaitsComparison()).as("during the look").isTrue();
        ofSecond.orElseThrow().look();
        assertThat(second.awaitsComparison()).isFalse();
        assertThat(second.supersededBy()).isPresent();
    }

    @Test
    void waitsNoLongerForAStoreThatIsAway() throws Exception {
        use(first, 7);
        takeTheRow();
        ofFirst.orElseThrow().look();
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
        ofSecond.orElseThrow().look();
        assertThat(new DatabaseVersions(h2.database()).raise(Policy.Version.NONE))
                .isEqualTo(second.version());
    }

    @Test
    void remembersWhatItKnowsWhileTheStoreIsAway() throws Exception {
        use(first, 8);
        use(second, 7);
        look();
        takeTheRow();
        look();
        look();
        assertThat(second.supersededBy().map(Policy.Version::number)).contains(8L);
        assertThat(log.warnings())
                .filteredOn(line -> line.endsWith("not known: the table warder_policy has lost its row"))
                .as("once for each node")
                .hasSize(2);
        execute(
                h2.database(),
                "INSERT INTO warder_policy (name, highest, sha256) VALUES ('policy.file', 8, '"
                        + first.version().sha256() + "')");
        look();
        assertThat(log.all()).contains("policy.file: the versions of all nodes are known again");
        assertThat(second.supersededBy().map(Policy.Version::number)).contains(8L);
    }

    private void takeTheRow() throws Exception {
        new DatabaseVersions(h2.database()).raise(Policy.Version.NONE);
        execute(h2.database(), "DELETE FROM warder_policy");
    }

    private void look() {
        ofFirst.orElseThrow().look();
        ofSecond.orElseThrow().look();
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
