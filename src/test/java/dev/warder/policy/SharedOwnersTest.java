package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.H2Memory;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes with one database, of which the second has an older file. */
class SharedOwnersTest {
    @RegisterExtension
    private final H2Memory h2 = new H2Memory();

    private final LivePolicy first = new LivePolicy(Optional.empty());
    private final LivePolicy second = new LivePolicy(Optional.empty());

    /** The second node may look between the two steps of the first one. */
    @Test
    void looksAgainForOwnersThatAreNotKeptYet() throws Exception {
        use(first, 8, "bob");
        use(second, 7, "ada", "bob");
        var store = new DatabaseVersions(h2.database());
        store.raise(first.version());
        var ofSecond = exchange(second);
        ofSecond.look();
        assertThat(second.supersededBy()).contains(first.version());
        assertThat(second.isRemovedElsewhere("ada", "ada")).isFalse();
        store.keep(first.owners());
        ofSecond.look();
        assertThat(second.isRemovedElsewhere("ada", "ada")).isTrue();
    }

    /** As after an upgrade. */
    @Test
    void keepsTheOwnersOfAVersionThatWasUsedBefore() throws Exception {
        use(first, 8, "bob");
        use(second, 7, "ada", "bob");
        new DatabaseVersions(h2.database()).raise(first.version());
        exchange(first).look();
        exchange(second).look();
        assertThat(second.isRemovedElsewhere("ada", "ada")).isTrue();
        assertThat(second.isRemovedElsewhere("bob", "bob")).isFalse();
    }

    private VersionExchange exchange(LivePolicy live) {
        return new VersionExchange(live, new DatabaseVersions(h2.database()), () -> {});
    }

    private static void use(LivePolicy live, long version, String... clients) throws Exception {
        var json = new StringBuilder();
        for (var client : clients) {
            json.append(json.isEmpty() ? "" : ", ").append("{\"name\": \"" + client + "\", \"kind\": \"person\"}");
        }
        live.accept(("{\"version\": " + version + ", \"clients\": [" + json + "]}").getBytes(StandardCharsets.UTF_8));
    }
}
