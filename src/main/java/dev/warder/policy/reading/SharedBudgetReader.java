package dev.warder.policy.reading;

import dev.warder.config.ModelPattern;
import dev.warder.policy.Budget;
import dev.warder.policy.BudgetScope;
import dev.warder.policy.BudgetTerms;
import dev.warder.policy.ModelBudgets;
import dev.warder.policy.OwnedLimits;
import dev.warder.policy.RateLimits;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Reads tags, models and sessions: what budgets and limits clients share. One thread at a time. */
final class SharedBudgetReader {
    static final String SESSIONS = "sessions";

    private static final String NAME = "name";
    private static final List<String> TAG_MEMBERS = List.of(NAME, BudgetReader.MEMBER);
    private static final List<String> MODEL_MEMBERS = List.of(NAME, BudgetReader.MEMBER, LimitReader.MEMBER);

    private final Problems problems;
    private final BudgetReader budgets;
    private final LimitReader limits;
    private final NameRegister tagNames = new NameRegister();
    private final NameRegister modelNames = new NameRegister();

    SharedBudgetReader(Problems problems, BudgetReader budgets, LimitReader limits) {
        this.problems = problems;
        this.budgets = budgets;
        this.limits = limits;
    }

    /** What a tag has. */
    record Tag(String name, List<Budget> budgets) {}

    /**
     * What a model has.
     *
     * @param limits empty if it has none
     */
    record Model(String name, ModelBudgets budgets, Optional<OwnedLimits> limits) {}

    /** The terms of each session; there may be problems. */
    List<BudgetTerms> sessions(JsonObject object) {
        return budgets.terms(ObjectReader.of(object, SESSIONS, problems, List.of(BudgetReader.MEMBER)));
    }

    /** Reads a tag; empty if its name cannot be read. There may be problems with other members. */
    Optional<Tag> tag(String place, JsonObject object) {
        var tag = ObjectReader.of(object, place, problems, TAG_MEMBERS);
        Optional<String> name = tag.require(NAME, PolicySyntax::tag);
        // Without a budget the entry would have no meaning.
        if (tag.value(BudgetReader.MEMBER).isEmpty()) {
            tag.problem(BudgetReader.MEMBER, "is missing");
        }
        List<Budget> own = budgets.budgets(tag, BudgetScope.TAG, name);
        name.flatMap(text -> tagNames.add(text, place))
                .ifPresent(other -> tag.problem(NAME, TeamReader.clashesWith(other)));
        return name.map(text -> new Tag(text, own));
    }

    /** Reads a model; empty if its name cannot be read. There may be problems with other members. */
    Optional<Model> model(String place, JsonObject object) {
        var model = ObjectReader.of(object, place, problems, MODEL_MEMBERS);
        Optional<ModelPattern> pattern = model.require(NAME, PolicySyntax::models);
        Optional<String> name = pattern.isPresent() ? model.find(NAME, text -> text) : Optional.empty();
        if (model.value(BudgetReader.MEMBER).isEmpty()
                && model.value(LimitReader.MEMBER).isEmpty()) {
            model.problem(BudgetReader.MEMBER, "is missing, and so is " + LimitReader.MEMBER);
        }
        List<Budget> own = budgets.budgets(model, BudgetScope.MODEL, name);
        RateLimits rates = limits.read(model);
        name.flatMap(text -> modelNames.add(text, place))
                .ifPresent(other -> model.problem(NAME, TeamReader.clashesWith(other)));
        Optional<OwnedLimits> owned = rates.equals(RateLimits.NONE)
                ? Optional.empty()
                : name.map(text -> new OwnedLimits(BudgetScope.MODEL, text, rates, pattern));
        return pattern.flatMap(each -> name.map(text -> new Model(text, new ModelBudgets(each, own), owned)));
    }
}
