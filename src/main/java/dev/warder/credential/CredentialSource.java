package dev.warder.credential;

import dev.warder.config.ManagedCredential;
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

    /** What it is, as the access log and the log's tags call it. */
    Kind kind();

    /**
     * What goes upstream now; complete at once where a value is at hand. Fails with {@link CredentialUnavailableException}
     * when none can be had.
     */
    CompletionStage<UpstreamCredential> current();

    /**
     * Another value after the upstream refused this one with 401. Callers that were refused with the same value share one
     * renewal. Fails with {@link CredentialUnavailableException} when there is no other, at once for a source that has
     * nothing to renew.
     */
    CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused);

    /** Whether {@link #inPlaceOf} may bring another value at all. */
    boolean renewable();

    /** Why nothing can be had until an operator acts, in words without a secret; empty while it is of use. */
    Optional<String> outOfUse();

    /** Whether nothing can be sent before the store of its login was read. */
    default boolean needsStore() {
        return false;
    }

    /** When the value at hand expires; empty when it does not, or none is at hand. */
    default Optional<Instant> expiry() {
        return Optional.empty();
    }

    /** A key or token that was set by hand; its value is looked up at each use, for the files of secrets rotate. */
    static CredentialSource fixed(ManagedCredential.Fixed setting) {
        return new FixedCredential(setting);
    }

    /** What a managed credential is. */
    enum Kind {
        /** A key of the operator's that travels as {@code x-api-key}. */
        API_KEY("api-key", "[ApiKey] Using managed API key"),
        /** A token of the operator's that travels as {@code Authorization: Bearer}. */
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

        /** The beginning of the line at FINE that says that it is used for a request. */
        public String tag() {
            return tag;
        }
    }
}
