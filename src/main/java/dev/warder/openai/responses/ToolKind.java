package dev.warder.openai.responses;

/** The kinds of tools of the Responses API that become tools with an input schema in the Messages API. */
public enum ToolKind {
    FUNCTION,
    CUSTOM,
    LOCAL_SHELL,
    SHELL,
    APPLY_PATCH
}
