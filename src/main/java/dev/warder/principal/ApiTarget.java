package dev.warder.principal;

import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A resource below {@code /admin/api}. Immutable. */
public sealed interface ApiTarget {
    String FOLDER = "/admin/api/";

    /** The resources that have no other resource of this interface above them, by the last segment of their path. */
    Map<String, ApiTarget> BY_SEGMENT = bySegment();

    /** All objects of a kind. */
    record Objects(PolicyKind kind) implements ApiTarget {}

    /** One object. */
    record OneObject(PolicyName name) implements ApiTarget {}

    /** All access tokens. */
    record Tokens() implements ApiTarget {}

    /** One access token. */
    record OneToken(String id) implements ApiTarget {}

    /** The content of files, to be taken over. */
    record Import() implements ApiTarget {}

    /** The entries of the audit. */
    record Audit() implements ApiTarget {}

    default List<String> methods() {
        if (this instanceof OneObject) {
            return List.of("DELETE", "GET", "PATCH", "PUT");
        }
        if (this instanceof OneToken) {
            return List.of("DELETE", "GET", "PATCH");
        }
        if (this instanceof Import) {
            return List.of("POST");
        }
        return this instanceof Audit ? List.of("GET") : List.of("GET", "POST");
    }

    static Optional<ApiTarget> of(String path) {
        if (!path.startsWith(FOLDER)) {
            return Optional.empty();
        }
        String below = path.substring(FOLDER.length());
        int slash = below.indexOf('/');
        return slash < 0
                ? Optional.ofNullable(BY_SEGMENT.get(below))
                : one(below.substring(0, slash), below.substring(slash + 1));
    }

    private static Optional<ApiTarget> one(String list, String segment) {
        if (segment.isEmpty()) {
            return Optional.empty();
        }
        String name = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        var found = BY_SEGMENT.get(list);
        if (found instanceof Tokens) {
            return Optional.of(new OneToken(name));
        }
        return found instanceof Objects objects
                ? Optional.of(new OneObject(new PolicyName(objects.kind(), name)))
                : Optional.empty();
    }

    private static Map<String, ApiTarget> bySegment() {
        var all = new TreeMap<String, ApiTarget>();
        all.put("tokens", new Tokens());
        all.put("import", new Import());
        all.put("audit", new Audit());
        for (var kind : PolicyKind.values()) {
            if (kind.single()) {
                all.put(kind.word(), new OneObject(new PolicyName(kind, "")));
            } else {
                all.put(kind.word() + "s", new Objects(kind));
            }
        }
        return Collections.unmodifiableMap(all);
    }
}
