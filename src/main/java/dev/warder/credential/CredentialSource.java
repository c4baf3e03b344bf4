package dev.warder.credential;

import dev.warder.auth.Client;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of one managed credential comes from: a setting, a login that refreshes itself, workload identity.
 * Thread-safe; no method waits.
 */
public interface CredentialSource {
    String name();

    Kind kind();

    /**
     * The value that goes upstream now; complete at once if a value is at hand. Fails with {@link
     * UnavailableException} when none is available.
     *
     * @param client the caller: a source may have a value for each client, or for each team. A value with limits of its
     *     own is better an entry of its own, which {@link Upstream#refusal} keeps for its team: limits and refusals concern the source
     */
    CompletionStage<UpstreamCredential> current(Client client);

    /**
     * Another value after the upstream refused this one with 401. Callers that were refused with the same value share
     * one renewal. Fails with {@link UnavailableException} when there is no other value. A source that has
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

    /** No value of a managed credential is available. The message names the reason and no secret. */
    final class UnavailableException extends Exception {
        private final boolean terminal;

        private UnavailableException(String message, boolean terminal) {
            super(message);
            this.terminal = terminal;
        }

        public static UnavailableException terminal(String reason) {
            return new UnavailableException(reason, true);
        }

        public static UnavailableException passing(String reason) {
            return new UnavailableException(reason, false);
        }

        /** The reason why a stage of a {@link CredentialSource} has failed; any other exception is treated as passing. */
        public static UnavailableException of(@Nullable Throwable failure) {
            var cause = failure instanceof CompletionException wrapper ? wrapper.getCause() : failure;
            return cause instanceof UnavailableException reason
                    ? reason
                    : passing("the credential could not be obtained");
        }

        public boolean isTerminal() {
            return terminal;
        }
    }
}
