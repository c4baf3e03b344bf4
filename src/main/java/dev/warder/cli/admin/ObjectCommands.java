package dev.warder.cli.admin;

import dev.warder.cli.AdminForm;
import dev.warder.cli.Command;
import dev.warder.cli.DefinitionOptions;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** The commands {@code client} and {@code team}. One thread at a time. */
final class ObjectCommands {
    private static final List<String> CLIENT_HEADINGS =
            List.of("NAME", "KIND", "TEAMS", "BUDGETS", "LIMITS", "EXTERNAL ID", "SOURCE", "PROBLEM");
    private static final List<String> TEAM_HEADINGS =
            List.of("NAME", "MODELS", "BUDGETS", "LIMITS", "EXTERNAL ID", "SOURCE", "PROBLEM");

    private final AdminApi api;
    private final AdminOutput output;

    ObjectCommands(AdminApi api, AdminOutput output) {
        this.api = api;
        this.output = output;
    }

    /** Runs a command. */
    void run(Command.Administer asked) throws AdminException {
        String kind = asked.form().noun();
        if (asked.form().verb().equals(AdminForm.LIST)) {
            boolean isClient = kind.equals(AdminForm.CLIENT);
            output.list(
                    api.all(AdminOwner.collection(kind), asked.options()),
                    isClient ? CLIENT_HEADINGS : TEAM_HEADINGS,
                    document -> List.of(isClient ? clientRow(document) : teamRow(document)));
            return;
        }
        var owner = new AdminOwner(kind, asked.words().get(0));
        switch (asked.form().verb()) {
            case AdminForm.SHOW -> show(owner);
            case AdminForm.CREATE -> create(owner, asked);
            case AdminForm.SET -> set(owner, asked);
            default -> revoke(owner);
        }
    }

    private void show(AdminOwner owner) throws AdminException {
        var reply = api.find(owner.path()).orElseThrow(() -> AdminApi.absent(owner.text()));
        output.show(reply.body(), AdminText::lines);
    }

    private void create(AdminOwner owner, Command.Administer asked) throws AdminException {
        var name = JsonTree.newObject().add("name", owner.name()).build();
        var reply = api.connection()
                .post(AdminOwner.collection(owner.kind()), DefinitionOptions.apply(name, asked.options()));
        output.done(owner + ": created", api.require(reply, owner.text()));
    }

    private void set(AdminOwner owner, Command.Administer asked) throws AdminException {
        var document =
                new OwnerEdits(api).edit(owner, definition -> DefinitionOptions.apply(definition, asked.options()));
        output.done(owner + ": changed", document);
    }

    private void revoke(AdminOwner owner) throws AdminException {
        var reply = api.connection().change("DELETE", owner.path(), Optional.empty(), Optional.empty());
        String tokens = owner.kind().equals(AdminForm.CLIENT) ? ", and its tokens are revoked" : "";
        output.done(owner + ": removed" + tokens, api.require(reply, owner.text()));
    }

    private static List<String> clientRow(JsonObject document) {
        var definition = JsonTree.object(document, "definition");
        return List.of(
                JsonTree.text(document, "name"),
                AdminText.of(definition, "kind"),
                AdminText.of(definition, "teams"),
                AdminText.of(definition, BudgetEdits.MEMBER),
                AdminText.of(definition, LimitCommands.MEMBER),
                AdminText.of(definition, "external_id"),
                JsonTree.text(document, "source"),
                AdminText.of(document, "problem"));
    }

    private static List<String> teamRow(JsonObject document) {
        var definition = JsonTree.object(document, "definition");
        return List.of(
                JsonTree.text(document, "name"),
                AdminText.of(definition, "models"),
                AdminText.of(definition, BudgetEdits.MEMBER),
                AdminText.of(definition, LimitCommands.MEMBER),
                AdminText.of(definition, "external_id"),
                JsonTree.text(document, "source"),
                AdminText.of(document, "problem"));
    }
}
