package dev.warder.openai.shared;

import dev.warder.edit.ModelCapabilities;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How much the model thinks: {@code reasoning_effort} as an effort where the model has it, else as a budget.
 *
 * @param thinking the member {@code thinking}
 * @param limit {@code max_tokens}, above the budget
 */
public record Reasoning(Optional<JsonObject> thinking, Optional<String> effort, TokenLimit limit) {
    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");
    private static final List<String> LEVELS = List.of("low", "medium", "high", "xhigh", "max");
    private static final Set<String> HIGHEST = Set.of("xhigh", "max");
    private static final Map<String, Long> BUDGETS =
            Map.of("minimal", 1024L, "low", 1024L, "medium", 4096L, "high", 16384L, "xhigh", 32768L, "max", 32768L);
    private static final String DISABLED = "disabled";
    private static final Set<String> SHOWN = Set.of("adaptive", "enabled");
    private static final long LEAST_BUDGET = 1024;

    public static boolean isAskedFor(Optional<JsonObject> thinking) {
        return thinking.filter(Reasoning::isOn).isPresent();
    }

    public static Reasoning read(
            Members owner,
            String member,
            Optional<JsonObject> thinking,
            ModelCapabilities model,
            TokenLimit limit,
            boolean mayBudget)
            throws RefusedException {
        var effort = owner.text(member);
        if (effort.isEmpty()) {
            return new Reasoning(thinking, Optional.empty(), limit);
        }
        String word = effort.get();
        owner.refuseIf(!EFFORTS.contains(word), member, "must be none, minimal, low, medium, high, xhigh or max.");
        if (word.equals("none") && thinking.isEmpty() && leastThinking(model).isPresent()) {
            if (!model.thinking().contains(DISABLED)) {
                owner.ignore(member);
            }
            return new Reasoning(leastThinking(model), Optional.empty(), limit);
        }
        if (!model.efforts().isEmpty()) {
            String level = level(word, thinking, model);
            if (word.equals("none") || LEVELS.indexOf(level) > Math.max(0, LEVELS.indexOf(word))) {
                owner.ignore(member);
            }
            return new Reasoning(thinking, Optional.of(level), limit);
        }
        if (thinking.isEmpty() && mayBudget && model.thinking().contains("enabled")) {
            var budgeted = budgeted(BUDGETS.getOrDefault(word, LEAST_BUDGET), limit);
            if (budgeted.isPresent()) {
                return budgeted.get();
            }
        }
        owner.ignore(member);
        return new Reasoning(thinking, Optional.empty(), limit);
    }

    /**
     * The same, with a budget next to the effort where the model has efforts but thinks by a budget only.
     *
     * @param word the effort as the client wrote it
     */
    public Reasoning withBudget(ModelCapabilities model, String word) {
        boolean byBudget =
                model.thinking().contains("enabled") && !model.thinking().contains("adaptive");
        if (thinking.isPresent() || model.efforts().isEmpty() || !byBudget || !BUDGETS.containsKey(word)) {
            return this;
        }
        return budgeted(BUDGETS.get(word), limit)
                .map(found -> new Reasoning(found.thinking(), effort, found.limit()))
                .orElse(this);
    }

    public Optional<Reasoning> summarized(ModelCapabilities model) {
        var shown = thinking.filter(
                        found -> SHOWN.contains(JsonTree.findText(found, "type").orElse("")))
                .map(JsonTree::newObject);
        if (thinking.isEmpty() && model.thinking().contains("adaptive")) {
            shown = Optional.of(JsonTree.typed("adaptive"));
        }
        return shown.map(found ->
                new Reasoning(Optional.of(found.add("display", "summarized").build()), effort, limit));
    }

    /** Whether the model thinks, so that it accepts no parameters of sampling. */
    public boolean thinks() {
        return isAskedFor(thinking);
    }

    private static boolean isOn(JsonObject thinking) {
        return !JsonTree.findText(thinking, "type").orElse("").equals(DISABLED);
    }

    private static Optional<JsonObject> leastThinking(ModelCapabilities model) {
        return Stream.of(DISABLED, "between_tools")
                .filter(model.thinking()::contains)
                .findFirst()
                .map(type -> JsonTree.typed(type).build());
    }

    /** The highest level of the model that is not above the effort, or else its lowest. */
    private static String level(String effort, Optional<JsonObject> thinking, ModelCapabilities model) {
        boolean off = thinking.isPresent() && !isOn(thinking.get());
        int wanted = LEVELS.indexOf(off && HIGHEST.contains(effort) ? "high" : effort);
        var levels = LEVELS.stream().filter(model.efforts()::contains).toList();
        return levels.stream()
                .filter(level -> LEVELS.indexOf(level) <= wanted)
                .reduce((lower, higher) -> higher)
                .orElse(levels.isEmpty() ? "low" : levels.get(0));
    }

    /**
     * Thinking by a budget. The limit is raised by it as far as it may be; where it may not be raised, about half of it is left for
     * the text.
     *
     * @return empty where the API's least budget does not fit
     */
    private static Optional<Reasoning> budgeted(long wanted, TokenLimit limit) {
        long most = limit.most();
        long tokens = limit.tokens() > wanted ? limit.tokens() : Math.min(limit.tokens() + wanted, most);
        long budget = Math.min(wanted, tokens < most ? tokens - 1 : Math.max(LEAST_BUDGET, tokens / 2));
        if (budget < LEAST_BUDGET || budget >= tokens) {
            return Optional.empty();
        }
        var thinking = JsonTree.typed("enabled").add("budget_tokens", budget).build();
        return Optional.of(new Reasoning(Optional.of(thinking), Optional.empty(), new TokenLimit(tokens, most)));
    }
}
