package dev.warder.admin;

import dev.warder.admin.ManagedCredentials.CredentialView;
import dev.warder.oauth.CredentialStatus;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The managed credentials as JSON. A member that has nothing to say is absent; times are RFC 3339, durations whole seconds.
 */
final class CredentialsDocument {
    /** Held, because the specification's shortcut looks for its provider in the class path each time. */
    static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    private CredentialsDocument() {}

    static JsonObject of(List<CredentialView> credentials, Instant now) {
        var array = JSON.createArrayBuilder();
        credentials.forEach(each -> array.add(of(each, now)));
        return JSON.createObjectBuilder().add("credentials", array).build();
    }

    static JsonObject of(CredentialView view, Instant now) {
        var state = view.state();
        var document = JSON.createObjectBuilder()
                .add("name", state.name())
                .add("kind", state.kind().word())
                .add("usable", state.usable());
        view.cause().ifPresent(cause -> document.add("reason", cause));
        state.timeLeft().ifPresent(left -> document.add("retryAfterSeconds", left.toSeconds()));
        if (!state.heldModels().isEmpty()) {
            var models = JSON.createArrayBuilder();
            state.heldModels()
                    .forEach(held -> models.add(JSON.createObjectBuilder()
                            .add("model", held.model())
                            .add("reason", held.cause())
                            .add("retryAfterSeconds", held.timeLeft().toSeconds())));
            document.add("heldModels", models);
        }
        document.add("renewable", view.renews());
        view.status().ifPresent(status -> add(document, status, now));
        view.unread().ifPresent(why -> document.add("lastError", why));
        return document.build();
    }

    private static void add(JsonObjectBuilder document, CredentialStatus status, Instant now) {
        document.add("place", status.place());
        status.account().ifPresent(account -> document.add("account", account));
        var scopes = JSON.createArrayBuilder();
        status.scopes().forEach(scopes::add);
        document.add("scopes", scopes);
        status.maskedToken().ifPresent(masked -> document.add("token", masked));
        status.expiry().ifPresent(expiry -> document.add("expiresAt", expiry.toString())
                .add("expiresInSeconds", Duration.between(now, expiry).toSeconds()));
        status.lastRefresh().ifPresent(time -> document.add("lastRefresh", time.toString()));
        status.lastError().ifPresent(error -> document.add("lastError", error));
    }
}
