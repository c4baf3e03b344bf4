package dev.warder.credential;

import dev.warder.http.Field;
import dev.warder.http.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The credential for the upstream, and the field that carries it. A value that starts with {@code sk-ant-oat} is an
 * OAuth token and travels as a bearer token with its own beta. Any other value that starts with {@code sk-ant-} is an
 * API key and travels as {@code x-api-key}, whatever field it came in. All other values keep their kind. No text form
 * shows the value.
 */
public sealed interface UpstreamCredential {
    /** Travels as {@code x-api-key}. */
    record ApiKey(String value) implements UpstreamCredential {
        @Override
        public String kind() {
            return "api-key";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /**
     * Travels as {@code Authorization: Bearer} (RFC 6750, section 2.1).
     *
     * @param oauth whether it was obtained by OAuth or federation, which the API requires a beta for
     */
    record BearerToken(String value, boolean oauth) implements UpstreamCredential {
        @Override
        public String kind() {
            return oauth ? "oauth" : "bearer";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /** The fields that the API requires of a request with an OAuth token. */
    String OAUTH_BETA = "oauth-2025-04-20";

    /** The access log's word: {@code api-key}, {@code bearer}, or {@code oauth} for a bearer token with the OAuth beta. */
    String kind();

    String value();

    static UpstreamCredential ofApiKeyField(String value) {
        return byPrefix(value).orElseGet(() -> new ApiKey(value));
    }

    static UpstreamCredential ofBearerField(String value) {
        return byPrefix(value).orElseGet(() -> new BearerToken(value, false));
    }

    static UpstreamCredential of(ManagedCredential.Fixed managed) {
        String value = managed.secret().reveal();
        return managed.bearer() ? ofBearerField(value) : ofApiKeyField(value);
    }

    /**
     * The fields of a request with this credential as the only one. The fields that carry credentials are removed from
     * {@code upward}. Several lines of {@code anthropic-beta} become one, and the OAuth beta is appended if this
     * credential needs it. All other fields keep their places.
     */
    default List<Field> addTo(List<Field> upward) {
        var fields = new ArrayList<>(upward);
        fields.removeIf(UpstreamCredential::isCredential);
        boolean bearer = this instanceof BearerToken;
        fields.add(bearer ? new Field(Fields.AUTHORIZATION, "Bearer " + value()) : new Field(Fields.API_KEY, value()));
        return withBetas(fields, this instanceof BearerToken token && token.oauth());
    }

    private static boolean isCredential(Field field) {
        return field.name().equalsIgnoreCase(Fields.AUTHORIZATION)
                || field.name().equalsIgnoreCase(Fields.API_KEY);
    }

    private static Optional<UpstreamCredential> byPrefix(String value) {
        if (value.startsWith("sk-ant-oat")) {
            return Optional.of(new BearerToken(value, true));
        }
        return value.startsWith("sk-ant-") ? Optional.of(new ApiKey(value)) : Optional.empty();
    }

    /**
     * The fields with at most one line of betas, in the place of the first. The client's {@code anthropic-beta} is rewritten only
     * to join several lines in their order, or to append what a credential needs.
     */
    private static List<Field> withBetas(List<Field> fields, boolean oauth) {
        var lines = new ArrayList<String>(1);
        for (var field : fields) {
            if (isBeta(field)) {
                lines.add(field.value());
            }
        }
        if (!oauth && lines.size() < 2) {
            return List.copyOf(fields);
        }
        lines.removeIf(String::isBlank);
        String sent = String.join(",", lines);
        boolean complete =
                !oauth || Arrays.stream(sent.split(",")).map(String::strip).anyMatch(OAUTH_BETA::equals);
        String value = complete ? sent : sent.isEmpty() ? OAUTH_BETA : sent + "," + OAUTH_BETA;
        var result = new ArrayList<Field>();
        boolean placed = false;
        for (var field : fields) {
            if (!isBeta(field)) {
                result.add(field);
            } else if (!placed) {
                result.add(new Field(field.name(), value));
                placed = true;
            }
        }
        if (!placed) {
            result.add(new Field(Fields.ANTHROPIC_BETA, value));
        }
        return List.copyOf(result);
    }

    private static boolean isBeta(Field field) {
        return field.name().equalsIgnoreCase(Fields.ANTHROPIC_BETA);
    }
}
