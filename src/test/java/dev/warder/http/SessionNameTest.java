package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionNameTest {
    private static final String CLAUDE_CODE = "x-claude-code-session-id";
    private static final String CODEX = "session-id";

    @Test
    void isWhatClaudeCodeSendsOnEachRoute() {
        assertThat(name(Route.MESSAGES, Map.of(CLAUDE_CODE, "a", CODEX, "b"))).hasValue("a");
        assertThat(name(Route.RESPONSES, Map.of(CLAUDE_CODE, "a", CODEX, "b"))).hasValue("a");
    }

    @Test
    void isWhatCodexSendsWithTheResponsesApiOnly() {
        assertThat(name(Route.RESPONSES, Map.of(CODEX, "b"))).hasValue("b");
        assertThat(name(Route.MESSAGES, Map.of(CODEX, "b"))).isEmpty();
        assertThat(name(Route.RESPONSES, Map.of())).isEmpty();
    }

    private static Optional<String> name(Route route, Map<String, String> fields) {
        return SessionName.of(route, field -> Optional.ofNullable(fields.get(field)));
    }
}
