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
        if (this instanceof BearerToken token) {
            fields.add(new Field(Fields.AUTHORIZATION, "Bearer " + token.value()));
            return token.oauth() ? Betas.withOauth(fields) : Betas.joined(fields);
        }
        fields.add(new Field(Fields.API_KEY, value()));
        return Betas.joined(fields);
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
     * The {@code anthropic-beta} field of a request, as the client sent it. It is rewritten only to join several lines in
     * their order, or to append what a credential needs.
     */
    final class Betas {
        private static final String OAUTH = "oauth-2025-04-20";

        private Betas() {}

        /** The fields with at most one line of betas, in the place of the first. */
        static List<Field> joined(List<Field> fields) {
            var lines = lines(fields);
            return lines.size() < 2 ? List.copyOf(fields) : replaced(fields, join(lines));
        }

        static List<Field> withOauth(List<Field> fields) {
            String sent = join(lines(fields));
            boolean named = Arrays.stream(sent.split(",")).map(String::strip).anyMatch(OAUTH::equals);
            if (named) {
                return joined(fields);
            }
            return replaced(fields, sent.isEmpty() ? OAUTH : sent + "," + OAUTH);
        }

        private static List<Field> lines(List<Field> fields) {
            var lines = new ArrayList<Field>(1);
            for (var field : fields) {
                if (isBeta(field)) {
                    lines.add(field);
                }
            }
            return lines;
        }

        private static String join(List<Field> lines) {
            var values = lines.stream().map(Field::value).filter(value -> !value.isBlank());
            return String.join(",", values.toList());
        }

        private static List<Field> replaced(List<Field> fields, String value) {
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
}
