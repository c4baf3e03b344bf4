package dev.warder.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.ModelPattern;
import java.util.EnumSet;
import java.util.List;
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
    void sharedAndOpenHaveAllRightsButWebSearchAndAdministration() {
        var expected = EnumSet.complementOf(EnumSet.of(Right.ADMIN_READ, Right.ADMIN_WRITE));
        for (var right : Right.values()) {
            assertThat(Client.SHARED.has(right)).isEqualTo(expected.contains(right));
            assertThat(Client.OPEN.has(right)).isEqualTo(expected.contains(right));
        }
    }

    @Test
    void hasTheNameAndTheLimitsOfItsEntry() throws Exception {
        var plain = client("claude-*");
        assertThat(plain.name()).isEqualTo("ci");
        assertThat(plain.listed()).isEmpty();
        var limited = plain.with(Entries.of("'models': ['claude-haiku*', 'gpt'], 'paths': ['/v1/messages*']"));
        assertThat(limited.name()).isEqualTo("ada");
        assertThat(limited.tokenName()).isEqualTo("ci");
        assertThat(limited.restricted()).isTrue();
        assertThat(limited.mayUse("claude-haiku-4")).isTrue();
        assertThat(limited.mayUse("claude-opus-4")).as("of the token only").isFalse();
        assertThat(limited.mayUse("gpt")).as("of the entry only").isFalse();
        assertThat(limited.listed().orElseThrow().test("claude-haiku-4")).isTrue();
        assertThat(limited.mayUsePath("/v1/messages/batches")).isTrue();
        assertThat(limited.mayUsePath("/v1/files")).isFalse();
    }

    @Test
    void isLimitedByTheTeamThatPays() throws Exception {
        var member = Client.SHARED.with(Entries.of("'teams': ['blue']"));
        assertThat(member.restricted()).isTrue();
        assertThat(member.mayUse("claude-sonnet-4")).isTrue();
        assertThat(member.mayUse("claude-haiku-4")).isFalse();
    }

    @Test
    void isNotLimitedByAnEntryWithoutLimits() throws Exception {
        for (var members : List.of("", "'models': ['*']", "'paths': ['/v1/*']")) {
            var client = client().with(Entries.of(members));
            assertThat(client.restricted()).as(members).isFalse();
            assertThat(client.listed()).as(members).isEmpty();
        }
        assertThat(client("claude-x")
                        .with(Entries.of(""))
                        .listed()
                        .orElseThrow()
                        .test("claude-y"))
                .as("limited by its token")
                .isFalse();
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
