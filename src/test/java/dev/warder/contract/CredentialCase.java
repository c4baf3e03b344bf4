package dev.warder.contract;

import dev.warder.testkit.Field;
import java.util.List;
import java.util.Optional;

/**
 * One row of the auth matrix: with this setup and these fields, this is what becomes of a request.
 *
 * @param query of the request, with its question mark, empty for none
 */
record CredentialCase(String id, Setup setup, String query, List<Field> fields, Outcome outcome) {
    CredentialCase {
        fields = List.copyOf(fields);
    }

    static CredentialCase row(String id, Setup setup, List<Field> fields, Outcome outcome) {
        return new CredentialCase(id, setup, "", fields, outcome);
    }

    /** What the client sends. */
    static List<Field> sends(Field... fields) {
        return List.of(fields);
    }

    static Field key(String value) {
        return new Field("x-api-key", value);
    }

    static Field bearer(String value) {
        return new Field("Authorization", "Bearer " + value);
    }

    static Field dedicated(String value) {
        return new Field("X-Warder-Token", value);
    }

    /** The same outcome with these betas. */
    static Upward beta(Upward outcome, String value) {
        return outcome.beta(value);
    }

    static Field beta(String value) {
        return new Field("anthropic-beta", value);
    }

    @Override
    public String toString() {
        return id + " " + setup;
    }

    /** What becomes of a request. */
    sealed interface Outcome {
        /** It goes upstream with this credential as {@code x-api-key}. */
        static Upward asKey(String value) {
            return new Upward(Optional.of(value), Optional.empty(), Optional.empty(), "2023-06-01");
        }

        /** It goes upstream with this credential as a bearer token. */
        static Upward asBearer(String value) {
            return new Upward(Optional.empty(), Optional.of("Bearer " + value), Optional.empty(), "2023-06-01");
        }

        /** It goes upstream with this credential as an OAuth token. */
        static Upward asOauth(String value) {
            return asBearer(value).beta("oauth-2025-04-20");
        }

        /** 401 for want of a valid access token. */
        static Refused challenged() {
            return new Refused(401, "authentication_error", true, "");
        }

        /** Refused for another reason, with a message that holds these words. */
        static Refused refused(int status, String type, String words) {
            return new Refused(status, type, false, words);
        }
    }

    /** The credential and other fields that the upstream must get, and no other line of these names. */
    record Upward(Optional<String> apiKey, Optional<String> authorization, Optional<String> beta, String version)
            implements Outcome {
        Upward beta(String value) {
            return new Upward(apiKey, authorization, Optional.of(value), version);
        }

        Upward version(String value) {
            return new Upward(apiKey, authorization, beta, value);
        }
    }

    /** The answer of Warder itself; nothing goes upstream. */
    record Refused(int status, String type, boolean challenge, String words) implements Outcome {}
}
