package dev.warder.credential;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where the value of one managed credential comes from: a setting, a login that refreshes itself, workload identity.
 * Thread-safe; no method waits.
 */
public interface CredentialSource {
    /** The configured name, no secret. */
    String name();

    /** Its kind, as the access log and the log's tags name it. */
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

    /** Whether {@link #inPlaceOf} may return another value at all. */
    boolean renewable();

    /** Why no value is available until an operator acts, in words without a secret; empty while one may be available. */
    Optional<String> outOfUse();

    /** Whether no request can be sent until the store of its login has been read. */
    default boolean needsStore() {
        return false;
    }

    /** When the value at hand expires; empty when it does not, or none is at hand. */
    default Optional<Instant> expiry() {
        return Optional.empty();
    }

    /** A key or token that was set by hand. Its value is looked up at each use, because the files of secrets rotate. */
    static CredentialSource fixed(ManagedCredential.Fixed setting) {
        return new FixedCredential(setting);
    }

    /** The kind of a managed credential. */
    enum Kind {
        /** The operator's key, which travels as {@code x-api-key}. */
        API_KEY("api-key", "[ApiKey] Using managed API key"),
        /** The operator's token, which travels as {@code Authorization: Bearer}. */
        BEARER("bearer", "[Bearer] Using managed bearer token"),
        /** A login of the operator's OAuth client, or an OAuth token that was set by hand. */
        OAUTH("oauth", "[OAuth] Using router OAuth token"),
        /** Workload identity. */
        FEDERATION("federation", "[Federation] Using federated token");

        private final String word;
        private final String tag;

        Kind(String word, String tag) {
            this.word = word;
            this.tag = tag;
        }

        /** The access log's word. */
        public String word() {
            return word;
        }

        /** The beginning of the line at FINE that reports its use for a request. */
        public String tag() {
            return tag;
        }
    }
}
