package dev.warder.policy;

import dev.warder.config.ModelPattern;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the budgets of tags, models and sessions, and the limits of models. One thread at a time. */
final class SharedBudgetReader {
    private static final String NAME = "name";
    private static final String SESSIONS = "sessions";
    private static final List<String> TAG_MEMBERS = List.of(NAME, BudgetReader.MEMBER);
    private static final List<String> MODEL_MEMBERS = List.of(NAME, BudgetReader.MEMBER, LimitReader.MEMBER);

    private final Problems problems;
    private final BudgetReader budgets;
    private final LimitReader limits;
    private final NameRegister tagNames = new NameRegister();
    private final NameRegister modelNames = new NameRegister();
    private final Map<String, List<Budget>> tags = new HashMap<>();
    private final List<ModelBudgets> models = new ArrayList<>();
    private final List<OwnedLimits> modelLimits = new ArrayList<>();

    SharedBudgetReader(Problems problems, BudgetReader budgets, LimitReader limits) {
        this.problems = problems;
        this.budgets = budgets;
        this.limits = limits;
    }

    /**
     * Reads a document.
     *
     * @param organization the budgets of the organization, which were read before
     */
    SharedBudgets read(ObjectReader document, List<Budget> organization) {
        document.objects("tags", "tag", this::readTag);
        document.objects("models", "model", this::readModel);
        List<BudgetTerms> sessions = document.object(SESSIONS)
                .map(object -> ObjectReader.of(object, SESSIONS, problems, List.of(BudgetReader.MEMBER)))
                .map(budgets::terms)
                .orElse(List.of());
        return new SharedBudgets(organization, tags, models, sessions);
    }

    /**
     * The limits of the models of the document that was read last.
     *
     * @param organization the limits of the organization
     */
    SharedLimits limits(RateLimits organization) {
        return new SharedLimits(organization, modelLimits);
    }

    private void readTag(String place, JsonObject object) {
        var tag = ObjectReader.of(object, place, problems, TAG_MEMBERS);
        Optional<String> name = tag.require(NAME, PolicySyntax::tag);
        // Without a budget the entry would have no meaning.
        if (tag.value(BudgetReader.MEMBER).isEmpty()) {
            tag.problem(BudgetReader.MEMBER, "is missing");
        }
        List<Budget> own = budgets.budgets(tag, BudgetScope.TAG, name);
        name.flatMap(text -> tagNames.add(text, place))
                .ifPresent(other -> tag.problem(NAME, TeamReader.clashesWith(other)));
        name.ifPresent(text -> tags.put(text, own));
    }

    private void readModel(String place, JsonObject object) {
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
        pattern.ifPresent(each -> models.add(new ModelBudgets(each, own)));
        if (!rates.equals(RateLimits.NONE)) {
            pattern.ifPresent(each ->
                    name.ifPresent(text -> modelLimits.add(new OwnedLimits(BudgetScope.MODEL, text, rates, pattern))));
        }
    }
}
