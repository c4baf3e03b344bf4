package dev.warder.credential;

/**
 * The value of a credential for an upstream. Its kind decides nothing about fields: the provider of the upstream puts the value into
 * one, or signs with it. A source of another kind of upstream may have a type of its own. No text form shows the value.
 */
public interface UpstreamCredential {
    /** The API's {@code x-api-key}. */
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
     * A bearer token (RFC 6750, section 2.1).
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

    /**
     * The API's credential of this value, which came in {@code x-api-key}: a value that starts with {@code sk-ant-oat} is an OAuth token
     * all the same.
     */
    static UpstreamCredential ofApiKeyField(String value) {
        return value.startsWith("sk-ant-oat") ? new BearerToken(value, true) : new ApiKey(value);
    }

    /** The same for a value that came as a bearer token: any other value that starts with {@code sk-ant-} is an API key. */
    static UpstreamCredential ofBearerField(String value) {
        return value.startsWith("sk-ant-") ? ofApiKeyField(value) : new BearerToken(value, false);
    }

    static UpstreamCredential of(ManagedCredential.Fixed managed) {
        String value = managed.secret().reveal();
        return managed.bearer() ? ofBearerField(value) : ofApiKeyField(value);
    }
}
