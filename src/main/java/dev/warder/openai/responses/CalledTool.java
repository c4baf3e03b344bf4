package dev.warder.openai.responses;

import java.util.Optional;

/**
 * A tool as the client of the Responses API named it. Immutable.
 *
 * @param name without the namespace
 * @param namespace of a function or a custom tool that the client listed below one
 */
public record CalledTool(ToolKind kind, String name, Optional<String> namespace) {}
