package dev.warder.cli.admin;

import dev.warder.cli.AdminForm;
import dev.warder.cli.Command;
import dev.warder.cli.DefinitionOptions;
import dev.warder.cli.UsageException;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The commands {@code limit}. One thread at a time. */
final class LimitCommands {
    static final String MEMBER = "limits";

    private static final List<String> HEADINGS =
            List.of("OWNER", "REQUESTS/MIN", "INPUT TOKENS/MIN", "OUTPUT TOKENS/MIN", "CONCURRENT", "SOURCE");
    private static final List<String> MEMBERS = List.of(
            "requests_per_minute", "input_tokens_per_minute", "output_tokens_per_minute", "concurrent_requests");

    private final AdminApi api;
    private final AdminOutput output;
    private final OwnedParts parts;

    LimitCommands(AdminApi api, AdminOutput output) {
        this.api = api;
        this.output = output;
        parts = new OwnedParts(api, MEMBER, AdminOwner.WITH_LIMITS);
    }

    /**
     * Runs a command.
     *
     * @throws UsageException when the words have the wrong form
     */
    void run(Command.Administer asked) throws AdminException, UsageException {
        String verb = asked.form().verb();
        if (verb.equals(AdminForm.LIST)) {
            output.list(
                    parts.list(asked.options().getOrDefault("search", "")),
                    HEADINGS,
                    document -> List.of(row(document)));
            return;
        }
        var owner = AdminOwner.parse(asked.words().get(0), AdminOwner.WITH_LIMITS)
                .orElseThrow(() -> new UsageException(
                        "limit " + verb + ": OWNER is one of " + AdminOwner.forms(AdminOwner.WITH_LIMITS)));
        switch (verb) {
            case AdminForm.SHOW -> output.show(parts.read(owner), LimitCommands::table);
            case AdminForm.CREATE ->
                changed(owner, definition -> create(definition, asked.options()), "the limits are set");
            case AdminForm.SET -> changed(owner, definition -> set(definition, asked.options()), "the limits are set");
            default -> changed(owner, LimitCommands::revoke, "the limits are revoked");
        }
    }

    private void changed(AdminOwner owner, OwnerEdits.Edit edit, String words) throws AdminException {
        var document = new OwnerEdits(api).edit(owner, edit);
        output.done(owner + ": " + words, parts.part(owner, document));
    }

    private static JsonObject create(JsonObject definition, Map<String, String> options) throws AdminException {
        if (definition.containsKey(MEMBER)) {
            throw new AdminException("there are limits already; limit set changes them");
        }
        return set(definition, options);
    }

    private static JsonObject set(JsonObject definition, Map<String, String> options) {
        var limits = DefinitionOptions.apply(JsonTree.object(definition, MEMBER), options);
        var changed = JsonTree.newObject(definition).remove(MEMBER);
        return (limits.isEmpty() ? changed : changed.add(MEMBER, limits)).build();
    }

    private static JsonObject revoke(JsonObject definition) throws AdminException {
        if (!definition.containsKey(MEMBER)) {
            throw new AdminException("there are no limits");
        }
        return JsonTree.newObject(definition).remove(MEMBER).build();
    }

    private static String table(JsonObject document) {
        var table = new TextTable(HEADINGS);
        table.add(row(document));
        return table.text();
    }

    private static List<String> row(JsonObject document) {
        var limits = JsonTree.object(document, MEMBER);
        var row = new ArrayList<String>();
        row.add(JsonTree.text(document, OwnedParts.OWNER));
        MEMBERS.forEach(member -> row.add(AdminText.of(limits, member)));
        row.add(JsonTree.text(document, OwnedParts.SOURCE));
        return row;
    }
}
