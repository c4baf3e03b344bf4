package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.H2Memory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TokenOwnersTest {
    private static final Policy.Version SEVEN = new Policy.Version(7, "7".repeat(64));

    @Test
    void hasEachTokenOfEachClientOfThePolicy() throws Exception {
        var live = new LivePolicy(Optional.empty());
        live.accept(Policies.bytes("{'version': 7, 'clients': ["
                + Policies.client("ada", "'token_names': ['laptop', 'Desktop@home']") + ", "
                + Policies.client("bob", "") + ", "
                + Policies.client("eve", "'token_names': []") + ", "
                + Policies.client("all", "'token_names': ['open']") + "]}"));
        var owners = live.owners();
        assertThat(owners.version()).isEqualTo(live.version());
        assertThat(owners.clients())
                .isEqualTo(Map.of("laptop", "ada", "Desktop@home", "ada", "bob", "bob", "open", "all"));
        assertThat(owners.has("laptop", "ada")).isTrue();
        assertThat(owners.has("laptop", "bob")).isFalse();
        assertThat(owners.has("eve", "eve")).isFalse();
    }

    @Test
    void hasNothingBeforeAPolicyWasRead() {
        assertThat(new LivePolicy(Optional.empty()).owners()).isEqualTo(TokenOwners.NONE);
    }

    @Test
    void readsWhatItWrites() {
        var owners = new TokenOwners(SEVEN, Map.of("laptop", "ada", "Desktop@home", "ada", "ci", "build.1_x"));
        assertThat(owners.text()).isEqualTo("Desktop@home ada\nci build.1_x\nlaptop ada");
        assertThat(TokenOwners.parse(SEVEN, owners.text())).isEqualTo(owners);
        var none = new TokenOwners(SEVEN, Map.of());
        assertThat(none.text()).isEmpty();
        assertThat(TokenOwners.parse(SEVEN, "")).isEqualTo(none);
    }

    @Test
    void readsALineThatWasEditedByHandAsNoClient() {
        var edited = TokenOwners.parse(SEVEN, "laptop\n\nci build\nci other\ntwo words more");
        assertThat(edited.clients()).isEqualTo(Map.of("ci", "build", "two", "words more"));
    }

    /** Two nodes with one database, of which the second has an older file. */
    @Nested
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
            live.accept(
                    ("{\"version\": " + version + ", \"clients\": [" + json + "]}").getBytes(StandardCharsets.UTF_8));
        }
    }
}
