package dev.warder.adminapi;

import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredObject;
import dev.warder.policy.StoredPolicy.StoredToken;
import jakarta.json.JsonObject;
import jakarta.json.bind.annotation.JsonbProperty;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The policy at one moment, for administrators. Immutable.
 *
 * @param stored the content of the database
 * @param unusable the objects of the database that nodes do not use, with the reason
 */
public record PrincipalView(StoredPolicy stored, SortedMap<PolicyName, String> unusable) {
    /**
     * A page of a list.
     *
     * @param last the name after which the next page begins; empty if there is none
     * @param found how many items all pages have
     * @param <T> the items
     */
    public record Page<T>(List<T> items, Optional<String> last, int found) {
        public Page {
            items = List.copyOf(items);
        }
    }

    public Set<PolicyName> names() {
        return stored.objects().keySet();
    }

    public Optional<ObjectDocument> find(PolicyName name) {
        return stored.find(name).map(object -> ObjectDocument.of(object, Optional.ofNullable(unusable.get(name))));
    }

    /**
     * Objects of a kind, by name.
     *
     * @param search a part of the name or of the id in another system, regardless of the case of letters; empty for all
     * @param after the name of the last one of the page before; empty for the first page
     * @param limit the most that the page has, from 1
     */
    public Page<ObjectDocument> objects(PolicyName.Kind kind, String search, String after, int limit) {
        String part = search.toLowerCase(Locale.ROOT);
        var page = objects(
                name -> name.kind() == kind
                        && (part.isEmpty()
                                || text(name).toLowerCase(Locale.ROOT).contains(part)),
                after.isEmpty() ? Optional.empty() : Optional.of(new PolicyName(kind, after)),
                limit);
        return new Page<>(page.items(), page.last().flatMap(PolicyName::parse).map(PolicyName::name), page.found());
    }

    /**
     * Objects of all kinds, by kind and name.
     *
     * @param filter which of them
     * @param after the last one of the page before; empty for the first page
     * @param limit the most that the page has, from 1
     */
    public Page<ObjectDocument> objects(Predicate<PolicyName> filter, Optional<PolicyName> after, int limit) {
        return page(
                stored.objects().keySet().stream().filter(filter).toList(),
                name -> after.isEmpty() || name.compareTo(after.get()) > 0,
                limit,
                name -> find(name).orElseThrow(),
                PolicyName::text);
    }

    /**
     * A page of items that are in order.
     *
     * @param isLater whether an item is after those of the page before
     */
    private static <K, T> Page<T> page(
            List<K> found, Predicate<K> isLater, int limit, Function<K, T> document, Function<K, String> text) {
        var rest = found.stream().filter(isLater).limit(limit + 1L).toList();
        var page = rest.subList(0, Math.min(limit, rest.size()));
        return new Page<>(
                page.stream().map(document).toList(),
                rest.size() > limit ? Optional.of(text.apply(page.get(limit - 1))) : Optional.empty(),
                found.size());
    }

    public int count(PolicyName.Kind kind) {
        return (int) stored.objects().keySet().stream()
                .filter(name -> name.kind() == kind)
                .count();
    }

    private String text(PolicyName name) {
        return name.name() + " "
                + stored.find(name)
                        .map(object -> JsonTree.text(object.definition(), "external_id"))
                        .orElse("");
    }

    public String document(PolicyName name) {
        return stored.find(name).map(StoredObject::document).orElse("");
    }

    public Optional<TokenDocument> token(String id) {
        return stored.token(id).map(TokenDocument::of);
    }

    /**
     * Tokens, by id.
     *
     * @param client only those of this client; empty for all
     * @param search a part of the name or of the client's name, regardless of the case of letters; empty for all
     * @param after the id of the last one of the page before; empty for the first page
     * @param limit the most that the page has, from 1
     */
    public Page<TokenDocument> tokens(String client, String search, String after, int limit) {
        String part = search.toLowerCase(Locale.ROOT);
        return tokens(
                token -> (client.isEmpty() || token.client().equals(client))
                        && (token.name() + " " + token.client())
                                .toLowerCase(Locale.ROOT)
                                .contains(part),
                StoredToken::id,
                after,
                limit);
    }

    /**
     * Tokens in the order of a text that each of them has alone.
     *
     * @param filter which of them
     * @param order that text
     * @param after the text of the last one of the page before; empty for the first page
     * @param limit the most that the page has, from 1
     */
    public Page<TokenDocument> tokens(
            Predicate<StoredToken> filter, Function<StoredToken, String> order, String after, int limit) {
        return page(
                stored.tokens().values().stream()
                        .filter(filter)
                        .sorted(Comparator.comparing(order))
                        .toList(),
                token -> order.apply(token).compareTo(after) > 0,
                limit,
                TokenDocument::of,
                order);
    }

    /**
     * An object of the policy, as administrators see it. Immutable.
     *
     * @param type the word of its kind
     * @param source always {@code database}
     * @param problem why nodes do not use it; empty if they do
     * @param definition as it was written, with members unknown to this version
     */
    public record ObjectDocument(
            String type,
            String name,
            String source,
            long revision,
            @JsonbProperty("created_at") Instant createdAt,
            @JsonbProperty("changed_at") Instant changedAt,
            @JsonbProperty(nillable = true) Optional<String> problem,
            JsonObject definition) {
        static ObjectDocument of(StoredObject object, Optional<String> problem) {
            return new ObjectDocument(
                    object.name().kind().word(),
                    object.name().name(),
                    "database",
                    object.revision(),
                    object.createdAt(),
                    object.changedAt(),
                    problem,
                    object.definition());
        }
    }

    /**
     * A token, as administrators see it: without its secret and its hash. Immutable.
     *
     * @param revokedAt empty if it is not revoked
     * @param terms what it may be used for, with members unknown to this version
     */
    public record TokenDocument(
            String type,
            String id,
            String name,
            String client,
            long revision,
            @JsonbProperty("created_at") Instant createdAt,
            @JsonbProperty("changed_at") Instant changedAt,
            @JsonbProperty(value = "revoked_at", nillable = true) Optional<Instant> revokedAt,
            JsonObject terms) {
        static TokenDocument of(StoredToken stored) {
            return new TokenDocument(
                    "token",
                    stored.id(),
                    stored.name(),
                    stored.client(),
                    stored.revision(),
                    stored.createdAt(),
                    stored.changedAt(),
                    stored.revokedAt(),
                    stored.terms());
        }

        /** A token in the audit: not its hash, which would permit to test guesses of a token that an operator chose. */
        static String audited(StoredToken token) {
            return JsonTree.newObject()
                    .add("name", token.name())
                    .add("client", token.client())
                    .add("terms", token.terms())
                    .build()
                    .toString();
        }
    }
}
