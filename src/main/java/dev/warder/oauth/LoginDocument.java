package dev.warder.oauth;

import dev.warder.http.Sha256;
import dev.warder.json.JsonTree;
import dev.warder.oauth.TokenStore.StoredLogin;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * A login as JSON, in one of two shapes. Members that this application does not know are kept. Immutable; no text form
 * shows a token.
 */
final class LoginDocument {
    private static final String INNER = "claudeAiOauth";
    private static final String LIFETIME = "expires_in";
    /** The fingerprint of the refresh token that was refused, so that a later login is not mistaken for that one. */
    private static final String REFUSED = "warder_refused";

    private final JsonObject whole;

    private LoginDocument(JsonObject whole) {
        this.whole = whole;
    }

    /** A document with nothing stored yet, which is flat from then on. */
    static LoginDocument empty() {
        return new LoginDocument(JsonValue.EMPTY_JSON_OBJECT);
    }

    static LoginDocument parse(String text) throws TokenStoreException {
        return JsonTree.parseObject(text)
                .map(LoginDocument::new)
                .orElseThrow(() -> new TokenStoreException("is no JSON object"));
    }

    String text() {
        return whole.toString();
    }

    LoginShape shape() {
        return whole.get(INNER) instanceof JsonObject ? LoginShape.CLAUDE : LoginShape.FLAT;
    }

    Optional<OAuthToken> token() throws TokenStoreException {
        var login = new LoginMembers(login());
        var access = login.token(shape().access());
        var refresh = login.token(shape().refresh());
        if (access.isEmpty()) {
            if (refresh.isPresent()) {
                throw new TokenStoreException("has no member " + shape().access());
            }
            return Optional.empty();
        }
        return Optional.of(new OAuthToken(
                access.get(),
                refresh,
                login.time(shape().expiry()),
                login.seconds(LIFETIME),
                login.scopes(),
                login.account()));
    }

    Optional<StoredLogin> login(String generation) throws TokenStoreException {
        var token = token();
        boolean refused = isRefused();
        return token.map(found -> new StoredLogin(found, generation, refused));
    }

    /** The login {@code token} instead; scopes and account are kept where the token has none. */
    LoginDocument with(OAuthToken token) throws TokenStoreException {
        var shape = shape();
        boolean millis = shape == LoginShape.CLAUDE || new LoginMembers(login()).isInMillis(shape.expiry());
        long expiry = millis ? token.expiry().toEpochMilli() : token.expiry().getEpochSecond();
        var login = JsonTree.newObject(login())
                .remove(REFUSED)
                .remove(shape.refresh())
                .remove(LIFETIME)
                .add(shape.access(), token.accessToken())
                .add(shape.expiry(), expiry);
        token.refreshToken().ifPresent(refresh -> login.add(shape.refresh(), refresh));
        if (shape == LoginShape.FLAT) {
            token.lifetime().ifPresent(lifetime -> login.add(LIFETIME, lifetime.toSeconds()));
        }
        var before = new LoginMembers(login());
        token.account()
                .filter(account -> !before.account().equals(Optional.of(account)))
                .ifPresent(account -> login.add("account", account));
        if (!token.scopes().isEmpty() && !token.scopes().equals(before.scopes())) {
            login.remove("scope").remove("scopes").add(shape.scopes(), scopes(token));
        }
        return withLogin(login.build());
    }

    LoginDocument refused() throws TokenStoreException {
        return withLogin(JsonTree.newObject(login()).add(REFUSED, fingerprint()).build());
    }

    boolean isRefused() throws TokenStoreException {
        return login().containsKey(REFUSED) && login().getString(REFUSED, "").equals(fingerprint());
    }

    Optional<LoginDocument> cleared() {
        return shape() == LoginShape.CLAUDE && whole.size() > 1
                ? Optional.of(withLogin(JsonValue.EMPTY_JSON_OBJECT))
                : Optional.empty();
    }

    private JsonObject login() {
        return whole.get(INNER) instanceof JsonObject inner ? inner : whole;
    }

    private LoginDocument withLogin(JsonObject login) {
        return shape() == LoginShape.FLAT
                ? new LoginDocument(login)
                : new LoginDocument(JsonTree.newObject(whole).add(INNER, login).build());
    }

    private String fingerprint() throws TokenStoreException {
        var refresh = new LoginMembers(login()).token(shape().refresh());
        return Sha256.hex(refresh.orElse(""));
    }

    private JsonValue scopes(OAuthToken token) {
        return shape() == LoginShape.FLAT
                ? JsonTree.string(String.join(" ", token.scopes()))
                : JsonTree.newArray(token.scopes()).build();
    }
}
