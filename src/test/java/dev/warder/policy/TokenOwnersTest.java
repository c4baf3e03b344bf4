package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenOwnersTest {
    private static final PolicyVersion SEVEN = new PolicyVersion(7, "7".repeat(64));

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
}
