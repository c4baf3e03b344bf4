package dev.warder.principal.api;

import dev.warder.policy.store.PolicyKind;
import dev.warder.policy.store.PolicyName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A resource below {@code /admin/api}. Immutable. */
public sealed interface ApiTarget {
    /** The folder of these resources. */
    String FOLDER = "/admin/api/";

    /** All objects of a kind. */
    record Objects(PolicyKind kind) implements ApiTarget {
        @Override
        public List<String> methods() {
            return List.of("GET", "POST");
        }
    }

    /** One object. */
    record OneObject(PolicyName name) implements ApiTarget {
        @Override
        public List<String> methods() {
            return List.of("DELETE", "GET", "PATCH", "PUT");
        }
    }

    /** All access tokens. */
    record Tokens() implements ApiTarget {
        @Override
        public List<String> methods() {
            return List.of("GET", "POST");
        }
    }

    /** One access token. */
    record OneToken(String id) implements ApiTarget {
        @Override
        public List<String> methods() {
            return List.of("DELETE", "GET", "PATCH");
        }
    }

    /** What files have, to be taken over. */
    record Import() implements ApiTarget {
        @Override
        public List<String> methods() {
            return List.of("POST");
        }
    }

    /** Requests of clients for higher spend limits. A client without a right of administration has its own. */
    record IncreaseRequests() implements ApiTarget {
        @Override
        public List<String> methods() {
            return List.of("GET", "POST");
        }
    }

    /** The entries of the audit. */
    record Audit() implements ApiTarget {
        @Override
        public List<String> methods() {
            return List.of("GET");
        }
    }

    /** The methods that it serves, sorted. */
    List<String> methods();

    /** The resource at a canonical path; empty if there is none. */
    static Optional<ApiTarget> of(String path) {
        if (!path.startsWith(FOLDER)) {
            return Optional.empty();
        }
        String below = path.substring(FOLDER.length());
        int slash = below.indexOf('/');
        return slash < 0 ? whole(below) : one(below.substring(0, slash), below.substring(slash + 1));
    }

    private static Optional<ApiTarget> whole(String word) {
        return switch (word) {
            case "tokens" -> Optional.of(new Tokens());
            case "import" -> Optional.of(new Import());
            case "audit" -> Optional.of(new Audit());
            case "increase_requests" -> Optional.of(new IncreaseRequests());
            default ->
                PolicyKind.of(word)
                        .filter(PolicyKind::single)
                        .<ApiTarget>map(kind -> new OneObject(new PolicyName(kind, "")))
                        .or(() -> kind(word).map(Objects::new));
        };
    }

    /** @param segment as in the path: a character that a path may not have, such as a bracket, is escaped there */
    private static Optional<ApiTarget> one(String word, String segment) {
        if (segment.isEmpty()) {
            return Optional.empty();
        }
        String name = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        return word.equals("tokens")
                ? Optional.of(new OneToken(name))
                : kind(word).map(kind -> new OneObject(new PolicyName(kind, name)));
    }

    /** The kind whose plural this is. */
    private static Optional<PolicyKind> kind(String plural) {
        return plural.endsWith("s")
                ? PolicyKind.of(plural.substring(0, plural.length() - 1)).filter(kind -> !kind.single())
                : Optional.empty();
    }
}
