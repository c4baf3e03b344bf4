package dev.warder.credential;

import dev.warder.config.ManagedCredential;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the upstream is shown, and as which field. A value that starts {@code sk-ant-oat} is an OAuth token and travels as
 * a bearer token with a beta of its own; any other that starts {@code sk-ant-} is an API key and travels as
 * {@code x-api-key}, wherever it came from; the rest stays what it was given as. No text form shows the value.
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
     * @param oauth whether it was obtained by OAuth or federation, which the API wants to be told by a beta
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

    /** {@code api-key}, {@code bearer}, or {@code oauth} for a bearer token with the OAuth beta: the access log's word. */
    String kind();

    /** What a client sent as {@code x-api-key}. */
    static UpstreamCredential ofApiKeyField(String value) {
        return byPrefix(value).orElseGet(() -> new ApiKey(value));
    }

    /** What a client sent as {@code Authorization: Bearer}. */
    static UpstreamCredential ofBearerField(String value) {
        return byPrefix(value).orElseGet(() -> new BearerToken(value, false));
    }

    /** A credential of the operator's, with the value that its secret has now. */
    static UpstreamCredential of(ManagedCredential.Fixed managed) {
        String value = managed.secret().reveal();
        return managed.bearer() ? ofBearerField(value) : ofApiKeyField(value);
    }

    /**
     * The fields of a request with this credential as the only one. The names that credentials travel under are dropped
     * from {@code upward}; several lines of {@code anthropic-beta} become one, and the OAuth beta is appended where this
     * credential needs it; everything else keeps its place.
     */
    default List<Field> addTo(List<Field> upward) {
        var fields = new ArrayList<>(upward);
        fields.removeIf(UpstreamCredential::isCredential);
        if (this instanceof BearerToken token) {
            fields.add(new Field(Fields.AUTHORIZATION, "Bearer " + token.value()));
            return token.oauth() ? Betas.withOauth(fields) : Betas.joined(fields);
        }
        fields.add(new Field(Fields.API_KEY, ((ApiKey) this).value()));
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
}
