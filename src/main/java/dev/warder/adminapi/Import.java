package dev.warder.adminapi;

import dev.warder.adminapi.AuditedChanges.Edit;
import dev.warder.adminapi.AuditedChanges.Edited;
import dev.warder.adminapi.RefusedChangeException.Cause;
import dev.warder.auth.ClientFile;
import dev.warder.auth.ClientLine;
import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.DefaultBudget;
import dev.warder.policy.PolicyFile;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredObject;
import dev.warder.policy.StoredPolicy.StoredToken;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Takes the objects of {@code policy.file} and the tokens of {@code clients.file} over into the database. What the database has
 * already with the same content stays as it is, so that an import may be repeated; with another content it is a clash, and
 * nothing is imported.
 */
final class Import implements Edit {
    private static final String TOKEN_NAMES = "token_names";
    private static final int MOST_NAMED = 20;

    private final Map<PolicyName, JsonObject> objects = new TreeMap<>();
    private final List<ClientLine> tokens;

    private final Map<String, String> owners = new TreeMap<>();

    private Import(SortedMap<PolicyName, JsonObject> ofFile, List<ClientLine> tokens) {
        this.tokens = List.copyOf(tokens);
        Set<String> imported = tokens.stream().map(ClientLine::name).collect(Collectors.toSet());
        ofFile.forEach((name, object) -> objects.put(
                name, name.kind() == PolicyName.Kind.CLIENT ? client(name.name(), object, imported) : object));
    }

    /**
     * Reads what files have.
     *
     * @param policyFile the content of {@code policy.file}; empty for none
     * @param clientsFile the content of {@code clients.file}; empty for none
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     */
    static Import read(Optional<JsonObject> policyFile, Optional<String> clientsFile, Optional<DefaultBudget> byDefault)
            throws InvalidValueException {
        SortedMap<PolicyName, JsonObject> objects =
                policyFile.isPresent() ? PolicyFile.objects(policyFile.get(), byDefault) : new TreeMap<>();
        List<ClientLine> tokens = clientsFile.isPresent() ? ClientFile.read(clientsFile.get()) : List.of();
        return new Import(objects, tokens);
    }

    private JsonObject client(String name, JsonObject object, Set<String> imported) {
        List<String> names = object.containsKey(TOKEN_NAMES)
                ? JsonTree.array(object, TOKEN_NAMES).getValuesAs(JsonString::getString)
                : List.of(name);
        names.forEach(token -> owners.put(token, name));
        var others = names.stream().filter(token -> !imported.contains(token)).toList();
        var changed = JsonTree.newObject(object).remove(TOKEN_NAMES);
        return (others.isEmpty() ? changed : changed.add(TOKEN_NAMES, JsonTree.newArray(others))).build();
    }

    @Override
    public String creation() {
        return "import";
    }

    @Override
    public Edited apply(StoredPolicy before, long revision, Instant at) throws RefusedChangeException {
        var newObjects = new TreeMap<PolicyName, StoredObject>();
        var newTokens = new ArrayList<StoredToken>();
        var clashes = new ArrayList<String>();
        objects.forEach((name, definition) -> {
            var known = before.find(name);
            if (known.isEmpty()) {
                newObjects.put(name, new StoredObject(name, definition.toString(), revision, at, at));
            } else if (!known.get().definition().equals(definition)) {
                clashes.add(name.text());
            }
        });
        var listed = listedTokens(before);
        var idsByName = new HashMap<String, String>();
        before.tokens().values().stream()
                .filter(StoredToken::isValid)
                .forEach(token -> idsByName.put(lower(token.name()), token.id()));
        for (var token : tokens) {
            Administration.checkTerms(token.terms(), Optional.empty());
            var known = before.token(token.id());
            String sameName = idsByName.getOrDefault(lower(token.name()), token.id());
            // Without a client in the files, a token stays that of the client that it has.
            boolean isOther = known.filter(each -> !each.sha256().equals(token.hash())
                            || !each.client().equals(owners.getOrDefault(token.name(), each.client())))
                    .isPresent();
            if (isOther || !sameName.equals(token.id())) {
                clashes.add("token " + token.name());
            } else if (known.isEmpty()) {
                idsByName.put(lower(token.name()), token.id());
                var identity =
                        new StoredToken.Identity(token.id(), token.name(), owner(token.name(), listed), token.hash());
                newTokens.add(StoredToken.created(identity, token.terms().toString(), revision, at));
            }
        }
        refuseIfAny(clashes);
        for (var token : newTokens) {
            var client = PolicyName.client(token.client());
            if (before.find(client).isEmpty() && !newObjects.containsKey(client)) {
                var definition =
                        JsonTree.newObject().add("name", token.client()).add("kind", "service");
                newObjects.put(
                        client, new StoredObject(client, definition.build().toString(), revision, at, at));
            }
        }
        Administration.checkTokens(before, newObjects.keySet());
        return edited(before, newObjects, newTokens, revision);
    }

    private static void refuseIfAny(List<String> clashes) throws RefusedChangeException {
        if (!clashes.isEmpty()) {
            String shown = clashes.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
            String more = clashes.size() > MOST_NAMED ? " and " + (clashes.size() - MOST_NAMED) + " more" : "";
            throw new RefusedChangeException(
                    Cause.CLASH, "The database has these already, with another content: " + shown + more);
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** A token that no client lists is that of the client of its name, which is created if it does not exist. */
    private String owner(String tokenName, Map<String, String> listed) {
        return Optional.ofNullable(owners.get(tokenName))
                .or(() -> Optional.ofNullable(listed.get(tokenName)))
                .orElse(tokenName);
    }

    private static Map<String, String> listedTokens(StoredPolicy before) {
        var listed = new HashMap<String, String>();
        for (var object : before.objects().values()) {
            if (object.name().kind() == PolicyName.Kind.CLIENT
                    && object.document().contains(TOKEN_NAMES)) {
                JsonTree.array(object.definition(), TOKEN_NAMES)
                        .getValuesAs(JsonString::getString)
                        .forEach(token -> listed.put(token, object.name().name()));
            }
        }
        return listed;
    }

    private static Edited edited(
            StoredPolicy before, Map<PolicyName, StoredObject> newObjects, List<StoredToken> newTokens, long revision) {
        long last = newObjects.isEmpty() && newTokens.isEmpty() ? before.revision() : revision;
        var result = JsonTree.newObject()
                .add("type", "import")
                .add("objects", newObjects.size())
                .add("tokens", newTokens.size())
                .add("revision", last)
                .build();
        return new Edited(
                StoredPolicy.Changes.of(revision, List.copyOf(newObjects.values()), List.of(), newTokens),
                new Administration.Result(false, last, result.toString()));
    }
}
