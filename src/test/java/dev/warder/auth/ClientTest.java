package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelPattern;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientTest {
    @Test
    void withoutModelsMayUseAll() {
        assertThat(Client.SHARED.restricted()).isFalse();
        assertThat(Client.SHARED.mayUse("anything")).isTrue();
        assertThat(client("*").restricted()).isFalse();
        assertThat(client("*").mayUse("anything")).isTrue();
    }

    @Test
    void withModelsMayUseThoseAlone() {
        var client = client("claude-haiku-*", "claude-x");
        assertThat(client.restricted()).isTrue();
        assertThat(client.mayUse("claude-haiku-4")).isTrue();
        assertThat(client.mayUse("claude-haiku-")).isTrue();
        assertThat(client.mayUse("claude-x")).isTrue();
        assertThat(client.mayUse("claude-x1")).isFalse();
        assertThat(client.mayUse("claude-haiku")).isFalse();
        assertThat(client.mayUse("Claude-x")).isFalse();
        assertThat(client.mayUse("")).isFalse();
    }

    @Test
    void sharedAndOpenHaveAllRights() {
        for (var right : Right.values()) {
            assertThat(Client.SHARED.has(right)).isTrue();
            assertThat(Client.OPEN.has(right)).isTrue();
        }
    }

    private static Client client(String... models) {
        var patterns = Stream.of(models)
                .map(text -> ModelPattern.nameOrPrefix(text).orElseThrow())
                .toList();
        return new Client("ci", Set.of(Right.MANAGED), patterns);
    }
}
