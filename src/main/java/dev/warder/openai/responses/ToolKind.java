package dev.warder.openai.responses;

/** The kinds of tools of the Responses API that become tools with an input schema in the Messages API. */
public enum ToolKind {
    /** A function with a JSON schema; called by an item {@code function_call}. */
    FUNCTION,
    /** A tool whose input is text; called by an item {@code custom_tool_call}. */
    CUSTOM,
    /** Called by an item {@code local_shell_call}. */
    LOCAL_SHELL,
    /** Called by an item {@code shell_call}. */
    SHELL,
    /** Called by an item {@code apply_patch_call}. */
    APPLY_PATCH
}
