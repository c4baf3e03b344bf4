package dev.warder.credential;

import dev.warder.http.Field;
import dev.warder.http.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

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
        return value.startsWith("sk-ant-oat") ? new BearerToken(value, true) : new ApiKey(value);
    }

    static UpstreamCredential ofBearerField(String value) {
        return value.startsWith("sk-ant-") ? ofApiKeyField(value) : new BearerToken(value, false);
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
        var fields = new ArrayList<Field>(upward.size() + 1);
        int betas = 0;
        for (var field : upward) {
            if (!isCredential(field)) {
                fields.add(field);
                betas += isBeta(field) ? 1 : 0;
            }
        }
        boolean bearer = this instanceof BearerToken;
        fields.add(bearer ? new Field(Fields.AUTHORIZATION, "Bearer " + value()) : new Field(Fields.API_KEY, value()));
        boolean oauth = this instanceof BearerToken token && token.oauth();
        return oauth || betas > 1 ? withBetas(fields, oauth) : fields;
    }

    private static boolean isCredential(Field field) {
        return field.name().equalsIgnoreCase(Fields.AUTHORIZATION)
                || field.name().equalsIgnoreCase(Fields.API_KEY);
    }

    /**
     * The fields with one line of betas, in the place of the first: the client's lines in their order, and what a credential needs.
     */
    private static List<Field> withBetas(List<Field> fields, boolean oauth) {
        String sent = fields.stream()
                .filter(UpstreamCredential::isBeta)
                .map(Field::value)
                .filter(value -> !value.isBlank())
                .collect(Collectors.joining(","));
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
        return result;
    }

    private static boolean isBeta(Field field) {
        return field.name().equalsIgnoreCase(Fields.ANTHROPIC_BETA);
    }
}
