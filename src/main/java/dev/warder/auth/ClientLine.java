package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.json.JsonTree;
import dev.warder.policy.TokenTerms;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One line of {@code clients.file}: {@code NAME id=… sha256=<64 hex> [expires=<RFC 3339>]
 * [rights=passthrough,managed,workspace,web,admin:read,admin:write] [models=claude-*,…]}, with the attributes in any order.
 * Without {@code rights} a line has {@link #DEFAULT_RIGHTS}. The reason of a refusal repeats no part of the line, because the
 * line may contain a token in the wrong place.
 *
 * @param id the public id of the token
 * @param hash see {@link TokenHash#hex}
 * @param expires the first instant at which the token is no longer accepted
 */
public record ClientLine(Client client, String id, String hash, Optional<Instant> expires) {
    private static final String ID = "id";
    private static final String HASH = "sha256";
    private static final String EXPIRES = "expires";
    private static final String RIGHTS = "rights";
    private static final String MODELS = "models";
    private static final List<String> KNOWN = List.of(ID, HASH, EXPIRES, RIGHTS, MODELS);

    static final Set<Right> DEFAULT_RIGHTS = Set.of(Right.PASSTHROUGH, Right.MANAGED);

    private static final Pattern PUBLIC_ID = Pattern.compile("[a-z2-7]{8}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern MODEL = Pattern.compile("[!-~]+");

    public String name() {
        return client.tokenName();
    }

    static ClientLine parse(String line) throws InvalidValueException {
        String[] words = line.strip().split("[ \t]+");
        if (!Client.mayBeNamed(words[0])) {
            throw new InvalidValueException("must begin with the client's name: 1 to 64 letters, digits and . _ @ -,"
                    + " not 'shared', 'open' or 'admin.token'");
        }
        var attributes = attributes(words);
        var client = new Client(
                words[0],
                attributes.containsKey(RIGHTS) ? rights(attributes.get(RIGHTS)) : DEFAULT_RIGHTS,
                attributes.containsKey(MODELS) ? models(attributes.get(MODELS)) : List.of());
        String id = needed(ID, PUBLIC_ID, attributes, "needs id= with 8 characters of a-z and 2-7");
        String hash = needed(HASH, SHA256, attributes, "needs sha256= with 64 lower-case hexadecimal digits");
        return new ClientLine(client, id, hash, expires(attributes));
    }

    boolean expiredAt(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }

    private static Map<String, String> attributes(String[] words) throws InvalidValueException {
        var attributes = new HashMap<String, String>();
        for (int i = 1; i < words.length; i++) {
            int equals = Math.max(words[i].indexOf('='), 0);
            String key = words[i].substring(0, equals);
            if (!KNOWN.contains(key)) {
                throw new InvalidValueException("has an attribute other than " + String.join("=, ", KNOWN) + "=");
            }
            if (attributes.put(key, words[i].substring(equals + 1)) != null) {
                throw new InvalidValueException("has " + key + "= twice");
            }
        }
        return attributes;
    }

    private static String needed(String name, Pattern form, Map<String, String> attributes, String otherwise)
            throws InvalidValueException {
        String value = attributes.getOrDefault(name, "");
        if (!form.matcher(value).matches()) {
            throw new InvalidValueException(otherwise);
        }
        return value;
    }

    private static Optional<Instant> expires(Map<String, String> attributes) throws InvalidValueException {
        String text = attributes.getOrDefault(EXPIRES, "");
        if (!attributes.containsKey(EXPIRES)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TokenTerms.time(text));
        } catch (InvalidValueException noTime) {
            throw new InvalidValueException("has an expires= that is not a time like 2027-01-31T00:00:00Z");
        }
    }

    private static Set<Right> rights(String list) throws InvalidValueException {
        var rights = EnumSet.noneOf(Right.class);
        for (String word : list.split(",", -1)) {
            try {
                rights.add(Right.parse(word));
            } catch (InvalidValueException unknown) {
                throw new InvalidValueException("has a rights= with a value other than " + Right.words());
            }
        }
        return rights;
    }

    private static List<ModelPattern> models(String list) throws InvalidValueException {
        var models = new ArrayList<ModelPattern>();
        for (String model : list.split(",", -1)) {
            models.add(Optional.of(model)
                    .filter(text -> MODEL.matcher(text).matches())
                    .flatMap(ModelPattern::nameOrPrefix)
                    .orElseThrow(() -> new InvalidValueException(
                            "has a models= with an empty name, or with a * before a name's end")));
        }
        return models;
    }

    /** The token's terms, as the database would have them. */
    public JsonObject terms() {
        var terms = JsonTree.newObject();
        expires.ifPresent(end -> terms.add("expires", end.toString()));
        terms.add(
                RIGHTS,
                JsonTree.newArray(
                        client.rights().stream().map(Right::word).sorted().toList()));
        if (!client.models().isEmpty()) {
            terms.add(
                    MODELS,
                    JsonTree.newArray(client.models().stream()
                            .map(ClientLine::text)
                            .distinct()
                            .toList()));
        }
        return terms.build();
    }

    private static String text(ModelPattern pattern) {
        if (pattern instanceof ModelPattern.Exact exact) {
            return exact.name();
        }
        if (pattern instanceof ModelPattern.Prefix prefix) {
            return prefix.start() + "*";
        }
        throw new IllegalArgumentException("clients.file has no such pattern");
    }

    @Override
    public String toString() {
        return "ClientLine[" + id + "]";
    }
}
