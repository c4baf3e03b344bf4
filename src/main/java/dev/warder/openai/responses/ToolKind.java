package dev.warder.openai.responses;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of tools of the Responses API that become tools with an input schema in the Messages API. */
public enum ToolKind {
    FUNCTION("function"),
    CUSTOM("custom"),
    LOCAL_SHELL("local_shell"),
    SHELL("shell"),
    APPLY_PATCH("apply_patch");

    /** The type of the tool; of its call in {@link CallItems}, {@code _tool_call} or {@code _call} follows. */
    final String type;

    ToolKind(String type) {
        this.type = type;
    }

    static Optional<ToolKind> of(String type) {
        return Arrays.stream(values()).filter(kind -> kind.type.equals(type)).findFirst();
    }

    /** Whether the client names the tool, else the API. */
    boolean isNamed() {
        return this == FUNCTION || this == CUSTOM;
    }
}
