package dev.warder.openai.responses;

import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import dev.warder.openai.shared.Tool;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A tool as the client of the Responses API named it. Immutable.
 *
 * @param name without the namespace
 * @param namespace of a function or a custom tool that the client listed below one
 */
public record CalledTool(ToolKind kind, String name, Optional<String> namespace) implements Comparable<CalledTool> {
    private static final Comparator<CalledTool> ORDER = Comparator.comparing(CalledTool::name)
            .thenComparing(CalledTool::kind)
            .thenComparing(tool -> tool.namespace.orElse(""));

    private static final int LONGEST_BEGINNING = 100;
    private static final int HASH_BYTES = 10;

    /**
     * A name is read again for each tool of a namespace: without a limit, the work could grow with the square of the
     * body.
     */
    private static final int LONGEST = 256;

    static CalledTool function(Optional<String> namespace, String name) {
        return new CalledTool(ToolKind.FUNCTION, name, namespace);
    }

    /** A tool that the API names. */
    static CalledTool builtIn(ToolKind kind) {
        return new CalledTool(kind, kind.type, Optional.empty());
    }

    /** By it a map finds the tools in time that have the same hash, which a client can make. */
    @Override
    public int compareTo(CalledTool other) {
        return ORDER.compare(this, other);
    }

    /** The identity of the tool: functions and custom tools share their names. */
    CalledTool key() {
        return kind == ToolKind.CUSTOM ? function(namespace, name) : this;
    }

    /** The text of a member that names a tool or a namespace; refused if it is missing, empty or too long. */
    static String needName(Members owner, String member) throws RefusedException {
        String name = owner.needText(member);
        owner.refuseIf(name.isEmpty() || name.length() > LONGEST, member, "must have 1 to " + LONGEST + " characters.");
        return name;
    }

    /**
     * The name to send: the client's own, after its namespace, where the API accepts it and no other tool has it; else its
     * beginning and a hash, which are the same in each request.
     */
    String sent(Predicate<String> isFree) {
        String plain = namespace.map(space -> space + "__").orElse("") + name;
        if (Tool.isName(plain) && isFree.test(plain)) {
            return plain;
        }
        String seed = Optional.of(kind).filter(each -> !each.isNamed()) + "\n" + namespace + "\n" + name;
        return Tool.replacement(plain, seed, LONGEST_BEGINNING, HASH_BYTES, isFree);
    }

    /**
     * The client's tools by the names under which they are sent upstream. Immutable.
     *
     * @param byName the client's tool for each name sent upstream; functions that are sent under their own name are left out
     */
    public record ToolNames(Map<String, CalledTool> byName) {
        /** Bytes that a tool takes in the map besides the characters of its names, at most; a stream keeps it. */
        private static final int ENTRY = 200;

        public ToolNames {
            byName = byName.entrySet().stream()
                    .filter(tool -> !tool.getValue().equals(CalledTool.function(Optional.empty(), tool.getKey())))
                    // An unmodifiable map takes the square of the names that have the same hash.
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        /** About how many bytes of memory it takes. */
        public long memory() {
            return byName.entrySet().stream()
                    .mapToLong(tool -> ENTRY
                            + 2L
                                    * (tool.getKey().length()
                                            + tool.getValue().name().length()))
                    .sum();
        }

        public CalledTool called(String name) {
            var known = byName.get(name);
            return known == null ? CalledTool.function(Optional.empty(), name) : known;
        }
    }

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
            return Arrays.stream(values())
                    .filter(kind -> kind.type.equals(type))
                    .findFirst();
        }

        /** Whether the client names the tool, else the API. */
        boolean isNamed() {
            return this == FUNCTION || this == CUSTOM;
        }
    }
}
