package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelPattern;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientTest {
    @Test
    void sharedAndOpenHaveAllRightsButWebSearchAndAdministration() {
        var expected = EnumSet.complementOf(EnumSet.of(Right.ADMIN_READ, Right.ADMIN_WRITE));
        for (var right : Right.values()) {
            assertThat(Client.SHARED.has(right)).isEqualTo(expected.contains(right));
            assertThat(Client.OPEN.has(right)).isEqualTo(expected.contains(right));
        }
    }

    @Test
    void isAnyoneWithASharedNameOnly() throws Exception {
        assertThat(Client.SHARED.isAnyone()).isTrue();
        assertThat(Client.OPEN.isAnyone()).isTrue();
        assertThat(client().isAnyone()).isFalse();
        assertThat(client().with(Entries.of("'token_names': ['ci']")).isAnyone())
                .isFalse();
        assertThat(client().with(Entries.of("'token_names': ['ci', 'shared']")).isAnyone())
                .isTrue();
        assertThat(Client.SHARED.with(Entries.of("")).isAnyone()).isTrue();
    }

    private static Client client(String... models) {
        var patterns = Stream.of(models)
                .map(text -> ModelPattern.nameOrPrefix(text).orElseThrow())
                .toList();
        return new Client("ci", Set.of(Right.MANAGED), patterns);
    }
}
