package dev.warder.http;

import java.util.Optional;
import java.util.function.Function;

/** The field in which a client names its conversation. */
public final class SessionName {
    private static final String CLAUDE_CODE = "x-claude-code-session-id";

    /** Codex sends it with the Responses API (Codex 0.169.0). */
    private static final String CODEX = "session-id";

    private SessionName() {}

    public static Optional<String> of(Route route, Function<String, Optional<String>> field) {
        var named = field.apply(CLAUDE_CODE);
        return named.isEmpty() && route == Route.RESPONSES ? field.apply(CODEX) : named;
    }
}
