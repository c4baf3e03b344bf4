package dev.warder.openai.responses;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of tools of the Responses API that become tools with an input schema in the Messages API. */
public enum ToolKind {
    FUNCTION("function", "function_call", "fc_", "arguments"),
    CUSTOM("custom", "custom_tool_call", "ctc_", "input"),
    LOCAL_SHELL("local_shell", "local_shell_call", "lsh_", "action"),
    SHELL("shell", "shell_call", "sh_", "action"),
    APPLY_PATCH("apply_patch", "apply_patch_call", "apc_", "operation");

    /** The type of the tool. */
    final String type;

    /** The type of an item that calls the tool. */
    final String call;

    /** Begins the id of such an item. */
    final String prefix;

    /** The member of such an item that has the input. */
    final String input;

    ToolKind(String type, String call, String prefix, String input) {
        this.type = type;
        this.call = call;
        this.prefix = prefix;
        this.input = input;
    }

    static Optional<ToolKind> of(String type) {
        return Arrays.stream(values()).filter(kind -> kind.type.equals(type)).findFirst();
    }

    /** Whether the client names the tool, else the API. */
    boolean isNamed() {
        return this == FUNCTION || this == CUSTOM;
    }
}
