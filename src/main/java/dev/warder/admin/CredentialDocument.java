package dev.warder.admin;

import dev.warder.admin.ManagedCredentials.CredentialView;
import dev.warder.credential.CredentialState;
import dev.warder.oauth.CredentialStatus;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One managed credential in the JSON for programs. Times are RFC 3339, durations whole seconds. Immutable; the text
 * form shows only the name.
 *
 * @param kind {@code api-key}, {@code oauth} and so on
 * @param reason why the credential is not usable
 * @param retryAfterSeconds how long it stays unusable, if known
 * @param heldModels absent if there are none
 * @param renewable whether the gateway renews its token; the members after this one are absent otherwise
 * @param place where its login is stored, in words
 * @param token the masked token
 * @param lastError why the last renewal failed, or why the store cannot be read
 */
@JsonbPropertyOrder({
    "name",
    "kind",
    "usable",
    "reason",
    "retryAfterSeconds",
    "heldModels",
    "renewable",
    "place",
    "account",
    "scopes",
    "token",
    "expiresAt",
    "expiresInSeconds",
    "lastRefresh",
    "lastError"
})
record CredentialDocument(
        String name,
        String kind,
        boolean usable,
        Optional<String> reason,
        Optional<Long> retryAfterSeconds,
        Optional<List<HeldModel>> heldModels,
        boolean renewable,
        Optional<String> place,
        Optional<String> account,
        Optional<List<String>> scopes,
        Optional<String> token,
        Optional<String> expiresAt,
        Optional<Long> expiresInSeconds,
        Optional<String> lastRefresh,
        Optional<String> lastError) {
    static CredentialDocument of(CredentialView view, Instant now) {
        var state = view.state();
        var status = view.status();
        var expiry = status.flatMap(CredentialStatus::expiry);
        return new CredentialDocument(
                state.name(),
                state.kind().word(),
                state.usable(),
                view.cause(),
                state.timeLeft().map(Duration::toSeconds),
                HeldModel.all(state),
                view.renews(),
                status.map(CredentialStatus::place),
                status.flatMap(CredentialStatus::account),
                status.map(CredentialStatus::scopes),
                status.flatMap(CredentialStatus::maskedToken),
                expiry.map(Instant::toString),
                expiry.map(time -> Duration.between(now, time).toSeconds()),
                status.flatMap(CredentialStatus::lastRefresh).map(Instant::toString),
                view.unread().or(() -> status.flatMap(CredentialStatus::lastError)));
    }

    @Override
    public String toString() {
        return "CredentialDocument[" + name + "]";
    }

    /** All managed credentials, in the configured order. */
    @JsonbPropertyOrder("credentials")
    record All(List<CredentialDocument> credentials) {
        static All of(List<CredentialView> views, Instant now) {
            return new All(
                    views.stream().map(view -> CredentialDocument.of(view, now)).toList());
        }

        All {
            credentials = List.copyOf(credentials);
        }
    }

    /** A model that the upstream limits for the credential. */
    @JsonbPropertyOrder({"model", "reason", "retryAfterSeconds"})
    record HeldModel(String model, String reason, long retryAfterSeconds) {
        private static Optional<List<HeldModel>> all(CredentialState state) {
            return Optional.of(state.heldModels().stream()
                            .map(held -> new HeldModel(
                                    held.model(), held.cause(), held.timeLeft().toSeconds()))
                            .toList())
                    .filter(models -> !models.isEmpty());
        }
    }
}
