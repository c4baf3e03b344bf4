package dev.warder.cli.admin;

import dev.warder.cli.AdminForm;
import dev.warder.cli.Command;
import dev.warder.cli.DefinitionOptions;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The commands {@code token} that concern the tokens in a gateway's database. One thread at a time. */
final class IssuedTokenCommands {
    private static final List<String> HEADINGS = List.of("ID", "NAME", "CLIENT", "EXPIRES", "RIGHTS", "REVOKED");
    private static final String COLLECTION = "tokens";
    private static final String EXPIRES = "expires";
    private static final String REVOKED_AT = "revoked_at";
    private static final String TERMS = "terms";

    private static final Pattern PERIOD = Pattern.compile("([1-9][0-9]{0,4})([hd])");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
    private static final Pattern ID = Pattern.compile("[a-z2-7]{8}");

    private final AdminApi api;
    private final AdminOutput output;
    private final InstantSource clock;

    IssuedTokenCommands(AdminApi api, AdminOutput output, InstantSource clock) {
        this.api = api;
        this.output = output;
        this.clock = clock;
    }

    /** Runs a command. */
    void run(Command.Administer asked) throws AdminException {
        switch (asked.form().verb()) {
            case AdminForm.LIST ->
                output.list(api.all(COLLECTION, asked.options()), HEADINGS, document -> List.of(row(document)));
            case AdminForm.CREATE -> create(asked.words().get(0), asked.options());
            case AdminForm.SHOW -> output.show(find(asked.words().get(0)).body(), AdminText::lines);
            case AdminForm.SET -> set(asked);
            default -> revoke(asked.words().get(0));
        }
    }

    private void create(String name, Map<String, String> options) throws AdminException {
        var terms = new HashMap<>(moment(options));
        String client = String.valueOf(terms.remove(AdminForm.CLIENT));
        terms.values().removeIf(String::isEmpty);
        var body = JsonTree.newObject()
                .add("name", name)
                .add(AdminForm.CLIENT, client)
                .add(TERMS, DefinitionOptions.patch(terms))
                .build();
        var created = api.require(api.connection().post(COLLECTION, body), COLLECTION);
        String id = JsonTree.text(created, "id");
        String secret = JsonTree.findText(created, "token")
                .orElseThrow(() -> new AdminException("the token " + id + " was created, but the response with its text"
                        + " was lost, and no gateway can show it again: revoke it and create another one"));
        output.value(
                secret,
                "token " + id + " (" + name + ") of client/" + client + ", shown only this once"
                        + JsonTree.findText(JsonTree.object(created, TERMS), EXPIRES)
                                .map(end -> "; it expires at " + end)
                                .orElse("; it does not expire"),
                created.toString());
    }

    private void set(Command.Administer asked) throws AdminException {
        var found = find(asked.words().get(0));
        String id = JsonTree.text(found.body(), "id");
        var patch = DefinitionOptions.patch(moment(asked.options()));
        // What the patch does not have stays as it is, also if another administrator has just changed it.
        var reply = api.connection().change("PATCH", path(id), Optional.of(patch), Optional.of("*"));
        output.done("token " + id + ": changed", api.require(reply, "token " + id));
    }

    private void revoke(String word) throws AdminException {
        String id = JsonTree.text(find(word).body(), "id");
        var reply = api.connection().change("DELETE", path(id), Optional.empty(), Optional.empty());
        output.done("token " + id + ": revoked", api.require(reply, "token " + id));
    }

    /** The token of an id, or that one of a name which is not revoked. */
    private AdminConnection.Reply find(String word) throws AdminException {
        if (ID.matcher(word).matches()) {
            var found = api.find(path(word));
            if (found.isPresent()) {
                return found.get();
            }
        }
        var named = api.all(COLLECTION, Map.of("search", word)).stream()
                .filter(token -> JsonTree.text(token, "name").equals(word)
                        && JsonTree.findText(token, REVOKED_AT).isEmpty())
                .map(token -> JsonTree.text(token, "id"))
                .toList();
        if (named.size() > 1) {
            throw new AdminException(
                    "several tokens have the name " + word + "; give the id of one: " + String.join(", ", named));
        }
        if (named.isEmpty()) {
            throw AdminApi.absent("token of this id, and none with this name that is not revoked: " + word);
        }
        return api.find(path(named.get(0))).orElseThrow(() -> AdminApi.absent("token " + word));
    }

    /** The options with a moment in the place of a time from now, or of a date. */
    private Map<String, String> moment(Map<String, String> options) {
        var changed = new HashMap<>(options);
        changed.computeIfPresent(EXPIRES, (name, text) -> {
            var period = PERIOD.matcher(text);
            if (period.matches()) {
                long amount = Long.parseLong(period.group(1));
                var length = period.group(2).equals("h") ? Duration.ofHours(amount) : Duration.ofDays(amount);
                return clock.instant()
                        .plus(length)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString();
            }
            return DATE.matcher(text).matches() ? text + "T00:00:00Z" : text;
        });
        return changed;
    }

    private static String path(String id) {
        return COLLECTION + "/" + AdminOwner.escaped(id);
    }

    private static List<String> row(JsonObject document) {
        var terms = JsonTree.object(document, TERMS);
        return List.of(
                JsonTree.text(document, "id"),
                JsonTree.text(document, "name"),
                JsonTree.text(document, AdminForm.CLIENT),
                AdminText.of(terms, EXPIRES),
                AdminText.of(terms, "rights"),
                AdminText.of(document, REVOKED_AT));
    }
}
