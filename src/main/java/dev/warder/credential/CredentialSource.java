package dev.warder.credential;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where the value of one managed credential comes from: a setting, a login that refreshes itself, workload identity.
 * Thread-safe; no method waits.
 */
public interface CredentialSource {
    String name();

    Kind kind();

    /**
     * The value that goes upstream now; complete at once if a value is at hand. Fails with {@link
     * CredentialUnavailableException} when none is available.
     */
    CompletionStage<UpstreamCredential> current();

    /**
     * Another value after the upstream refused this one with 401. Callers that were refused with the same value share
     * one renewal. Fails with {@link CredentialUnavailableException} when there is no other value. A source that has
     * nothing to renew fails at once.
     */
    CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused);

    default boolean renewable() {
        return false;
    }

    /** Why no value is available until an operator acts, in words without a secret; empty while one may be available. */
    default Optional<String> outOfUse() {
        return Optional.empty();
    }

    default boolean needsStore() {
        return false;
    }

    /** The kind of a managed credential. */
    enum Kind {
        API_KEY("api-key", "[ApiKey] Using managed API key"),
        /** The operator's token, which travels as {@code Authorization: Bearer}. */
        BEARER("bearer", "[Bearer] Using managed bearer token"),
        /** A login of the operator's OAuth client, or an OAuth token that was set by hand. */
        OAUTH("oauth", "[OAuth] Using router OAuth token"),
        FEDERATION("federation", "[Federation] Using federated token");

        private final String word;
        private final String tag;

        Kind(String word, String tag) {
            this.word = word;
            this.tag = tag;
        }

        public String word() {
            return word;
        }

        public String tag() {
            return tag;
        }
    }
}
