package dev.warder.principal;

import dev.warder.auth.FileToken;
import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditItem;
import dev.warder.policy.DefaultBudget;
import dev.warder.policy.PolicyChanges;
import dev.warder.policy.PolicyFile;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredObject;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredToken;
import dev.warder.principal.RefusedChangeException.Cause;
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
    private final List<FileToken> tokens;

    private final Map<String, String> owners = new TreeMap<>();

    private Import(SortedMap<PolicyName, String> ofFile, List<FileToken> tokens) {
        this.tokens = List.copyOf(tokens);
        Set<String> imported = tokens.stream().map(FileToken::name).collect(Collectors.toSet());
        ofFile.forEach((name, document) -> {
            var object = ObjectDocument.definition(document);
            objects.put(name, name.kind() == PolicyKind.CLIENT ? client(name.name(), object, imported) : object);
        });
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
        SortedMap<PolicyName, String> objects =
                policyFile.isPresent() ? PolicyFile.objects(policyFile.get(), byDefault) : new TreeMap<>();
        List<FileToken> tokens = clientsFile.isPresent() ? FileToken.read(clientsFile.get()) : List.of();
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
    public Edited apply(StoredPolicy before, long revision, Instant at) throws RefusedChangeException {
        var newObjects = new TreeMap<PolicyName, StoredObject>();
        var newTokens = new ArrayList<StoredToken>();
        var clashes = new ArrayList<String>();
        objects.forEach((name, definition) -> add(name, definition, before, revision, at, newObjects, clashes));
        var listed = listedTokens(before);
        var idsByName = new HashMap<String, String>();
        before.tokens().values().stream()
                .filter(token -> token.revokedAt().isEmpty())
                .forEach(token -> idsByName.put(lower(token.name()), token.id()));
        for (var token : tokens) {
            TokenEdits.checkTerms(token.terms(), Optional.empty());
            var known = Optional.ofNullable(before.tokens().get(token.id()));
            String sameName = idsByName.getOrDefault(lower(token.name()), token.id());
            boolean isOther = known.isPresent() && !known.get().sha256().equals(token.sha256());
            if (isOther || !sameName.equals(token.id())) {
                clashes.add("token " + token.name());
            } else if (known.isEmpty()) {
                idsByName.put(lower(token.name()), token.id());
                newTokens.add(StoredToken.created(
                        token.id(),
                        token.name(),
                        owner(token.name(), listed),
                        token.sha256(),
                        token.terms().toString(),
                        revision,
                        at));
            }
        }
        refuseIfAny(clashes);
        addOwners(newTokens, before, revision, at, newObjects);
        for (var name : newObjects.keySet()) {
            ObjectEdits.checkTokens(before, name);
        }
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

    private void addOwners(
            List<StoredToken> newTokens,
            StoredPolicy before,
            long revision,
            Instant at,
            Map<PolicyName, StoredObject> newObjects) {
        for (var token : newTokens) {
            var client = PolicyName.client(token.client());
            if (!before.objects().containsKey(client) && !newObjects.containsKey(client)) {
                String definition = JsonTree.newObject()
                        .add("name", token.client())
                        .add("kind", "service")
                        .build()
                        .toString();
                newObjects.put(client, new StoredObject(client, definition, revision, at, at));
            }
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static void add(
            PolicyName name,
            JsonObject definition,
            StoredPolicy before,
            long revision,
            Instant at,
            Map<PolicyName, StoredObject> added,
            List<String> clashes) {
        var known = Optional.ofNullable(before.objects().get(name));
        if (known.isEmpty()) {
            added.put(name, new StoredObject(name, definition.toString(), revision, at, at));
        } else if (!ObjectDocument.definition(known.get().document()).equals(definition)) {
            clashes.add(name.text());
        }
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
            if (object.name().kind() == PolicyKind.CLIENT && object.document().contains(TOKEN_NAMES)) {
                JsonTree.array(ObjectDocument.definition(object.document()), TOKEN_NAMES)
                        .getValuesAs(JsonString::getString)
                        .forEach(token -> listed.put(token, object.name().name()));
            }
        }
        return listed;
    }

    private static Edited edited(
            StoredPolicy before, Map<PolicyName, StoredObject> newObjects, List<StoredToken> newTokens, long revision) {
        var items = new ArrayList<AuditItem>();
        newObjects
                .values()
                .forEach(each -> items.add(new AuditItem("import", each.name().text(), "", each.document())));
        newTokens.forEach(each -> items.add(TokenEdits.creation(each)));
        long last = items.isEmpty() ? before.revision() : revision;
        var result = JsonTree.newObject()
                .add("type", "import")
                .add("objects", newObjects.size())
                .add("tokens", newTokens.size())
                .add("revision", last)
                .build();
        return new Edited(
                PolicyChanges.of(revision, List.copyOf(newObjects.values()), List.of(), newTokens),
                items,
                newObjects.keySet(),
                new Result(false, last, result.toString()));
    }
}
