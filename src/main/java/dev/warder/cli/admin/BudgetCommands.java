package dev.warder.cli.admin;

import dev.warder.cli.AdminForm;
import dev.warder.cli.Command;
import dev.warder.cli.UsageException;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The commands {@code budget}. One thread at a time. */
final class BudgetCommands {
    private static final List<String> HEADINGS =
            List.of("OWNER", "AMOUNT", "PERIOD", "MODE", "ZONE", "ON EXHAUSTED", "SOURCE");

    private final AdminApi api;
    private final AdminOutput output;
    private final OwnedParts parts;

    BudgetCommands(AdminApi api, AdminOutput output) {
        this.api = api;
        this.output = output;
        parts = new OwnedParts(api, BudgetEdits.MEMBER, AdminOwner.WITH_BUDGETS);
    }

    /**
     * Runs a command.
     *
     * @throws UsageException when the words have the wrong form
     */
    void run(Command.Administer asked) throws AdminException, UsageException {
        switch (asked.form().verb()) {
            case AdminForm.LIST -> list(parts.list(asked.options().getOrDefault("search", "")));
            case AdminForm.SHOW -> show(asked.words().get(0));
            case AdminForm.REVOKE -> revoke(asked.words().get(0));
            default -> change(asked);
        }
    }

    private void show(String text) throws AdminException, UsageException {
        var document = parts.read(owner(text, AdminForm.SHOW));
        output.show(document, each -> {
            var table = new TextTable(HEADINGS);
            rows(each).forEach(table::add);
            return table.text();
        });
    }

    private void list(List<JsonObject> documents) {
        output.list(documents, HEADINGS, BudgetCommands::rows);
    }

    private void change(Command.Administer asked) throws AdminException, UsageException {
        var owner = owner(asked.words().get(0), asked.form().verb());
        boolean creates = asked.form().verb().equals(AdminForm.CREATE);
        String terms = asked.words().get(1);
        if (terms.equals(BudgetEdits.UNLIMITED)) {
            if (!asked.options().isEmpty()) {
                throw new UsageException(asked.form().name() + ": the word unlimited takes no options");
            }
            changed(
                    owner,
                    creates ? BudgetEdits::createUnlimited : BudgetEdits::setUnlimited,
                    BudgetEdits.UNLIMITED + " is set");
            return;
        }
        int slash = terms.indexOf('/');
        if (slash < 1 || slash == terms.length() - 1) {
            throw new UsageException(
                    asked.form().name() + ": a budget is written AMOUNT/PERIOD, such as 250/month, or unlimited");
        }
        String amount = terms.substring(0, slash);
        String period = terms.substring(slash + 1);
        OwnerEdits.Edit edit = creates
                ? definition -> BudgetEdits.create(definition, amount, period, asked.options())
                : definition -> BudgetEdits.set(definition, amount, period, asked.options());
        changed(owner, edit, "the budget " + terms + " is set");
    }

    private void revoke(String text) throws AdminException, UsageException {
        int slash = text.lastIndexOf('/');
        var owner = owner(text.substring(0, Math.max(slash, 0)), AdminForm.REVOKE);
        String period = text.substring(slash + 1);
        changed(owner, definition -> BudgetEdits.revoke(definition, period), "the budget " + period + " is revoked");
    }

    private void changed(AdminOwner owner, OwnerEdits.Edit edit, String words) throws AdminException {
        var document = new OwnerEdits(api).edit(owner, edit);
        output.done(owner + ": " + words, parts.part(owner, document));
    }

    private static AdminOwner owner(String text, String verb) throws UsageException {
        return AdminOwner.parse(text, AdminOwner.WITH_BUDGETS)
                .orElseThrow(() -> new UsageException("budget " + verb + ": OWNER is one of "
                        + AdminOwner.forms(AdminOwner.WITH_BUDGETS)
                        + (verb.equals(AdminForm.REVOKE) ? ", and after it /PERIOD or /unlimited" : "")));
    }

    private static List<List<String>> rows(JsonObject document) {
        var rows = new ArrayList<List<String>>();
        for (var item : BudgetEdits.items(document)) {
            boolean isBudget = item instanceof JsonObject;
            JsonObject budget = item instanceof JsonObject object ? object : JsonValue.EMPTY_JSON_OBJECT;
            Function<String, String> cell = member -> AdminText.of(budget, member);
            rows.add(List.of(
                    JsonTree.text(document, OwnedParts.OWNER),
                    isBudget ? cell.apply("amount") : AdminText.of(item),
                    cell.apply("period"),
                    isBudget ? JsonTree.findText(budget, "mode").orElse("enforce") : "",
                    cell.apply("zone"),
                    cell.apply("on_exhausted"),
                    JsonTree.text(document, OwnedParts.SOURCE)));
        }
        return rows;
    }
}
