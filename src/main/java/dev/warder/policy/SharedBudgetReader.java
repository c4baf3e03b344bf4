package dev.warder.policy;

import dev.warder.config.ModelPattern;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the budgets of tags, models and sessions. One thread at a time. */
final class SharedBudgetReader {
    private static final String NAME = "name";
    private static final String SESSIONS = "sessions";
    private static final List<String> MEMBERS = List.of(NAME, BudgetReader.MEMBER);

    private final Problems problems;
    private final BudgetReader budgets;
    private final NameRegister tagNames = new NameRegister();
    private final NameRegister modelNames = new NameRegister();
    private final Map<String, List<Budget>> tags = new HashMap<>();
    private final List<ModelBudgets> models = new ArrayList<>();

    SharedBudgetReader(Problems problems, BudgetReader budgets) {
        this.problems = problems;
        this.budgets = budgets;
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

    private void readTag(String place, JsonObject object) {
        var tag = reader(place, object);
        Optional<String> name = tag.require(NAME, PolicySyntax::tag);
        List<Budget> own = read(tag, BudgetScope.TAG, name);
        name.flatMap(text -> tagNames.add(text, place))
                .ifPresent(other -> tag.problem(NAME, TeamReader.clashesWith(other)));
        name.ifPresent(text -> tags.put(text, own));
    }

    private void readModel(String place, JsonObject object) {
        var model = reader(place, object);
        Optional<ModelPattern> pattern = model.require(NAME, PolicySyntax::models);
        Optional<String> name = pattern.isPresent() ? model.find(NAME, text -> text) : Optional.empty();
        List<Budget> own = read(model, BudgetScope.MODEL, name);
        name.flatMap(text -> modelNames.add(text, place))
                .ifPresent(other -> model.problem(NAME, TeamReader.clashesWith(other)));
        pattern.ifPresent(each -> models.add(new ModelBudgets(each, own)));
    }

    private ObjectReader reader(String place, JsonObject object) {
        return ObjectReader.of(object, place, problems, MEMBERS);
    }

    /** Without a budget the entry would have no meaning. */
    private List<Budget> read(ObjectReader owner, BudgetScope scope, Optional<String> name) {
        if (owner.value(BudgetReader.MEMBER).isEmpty()) {
            owner.problem(BudgetReader.MEMBER, "is missing");
        }
        return budgets.budgets(owner, scope, name);
    }
}
