package dev.warder.http;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The kind of work that a request belongs to, as Claude Code names it in its hint fields. Any client can send any text there: hints
 * are for reports, and no decision depends on them. Texts are cut to 64 characters. Immutable.
 *
 * @param requestClass one of {@link #CLASSES}; empty without the field
 * @param agentType the kind of the agent that sent the request, such as {@code Explore}
 * @param promptId the same for all requests of one prompt of a person
 */
public record RequestHints(Optional<String> requestClass, Optional<String> agentType, Optional<String> promptId) {
    public static final RequestHints NONE = new RequestHints(Optional.empty(), Optional.empty(), Optional.empty());

    private static final String OTHER = "other";

    /** The classes of Claude Code 2.1.332, and one for all other texts, so that metrics and sums have few. */
    public static final List<String> CLASSES =
            List.of("main", "subagent", "workflow", "compaction", "auxiliary", OTHER);

    private static final int MOST = 64;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    public static RequestHints of(List<Field> fields) {
        var requestClass = Fields.find(fields, "x-claude-code-request-class").filter(text -> !text.isEmpty());
        var agentType = text(fields, "x-claude-code-agent-type");
        var promptId = text(fields, "x-claude-code-prompt-id");
        return requestClass.isEmpty() && agentType.isEmpty() && promptId.isEmpty()
                ? NONE
                : new RequestHints(
                        requestClass.map(word -> CLASSES.contains(word) ? word : OTHER), agentType, promptId);
    }

    private static Optional<String> text(List<Field> fields, String name) {
        return Fields.find(fields, name).filter(text -> !text.isEmpty()).map(text -> CONTROL.matcher(
                        text.substring(0, Math.min(MOST, text.length())))
                .replaceAll("\uFFFD"));
    }
}
