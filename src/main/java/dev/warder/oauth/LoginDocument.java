package dev.warder.oauth;

import dev.warder.http.Sha256;
import dev.warder.json.JsonTree;
import dev.warder.oauth.TokenStore.StoredLogin;
import dev.warder.oauth.TokenStore.TokenStoreException;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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
        var access = login.token(shape().access);
        var refresh = login.token(shape().refresh);
        if (access.isEmpty()) {
            if (refresh.isPresent()) {
                throw new TokenStoreException("has no member " + shape().access);
            }
            return Optional.empty();
        }
        return Optional.of(new OAuthToken(
                access.get(),
                refresh,
                login.time(shape().expiry),
                login.seconds(LIFETIME),
                login.scopes(),
                login.account()));
    }

    /** @param place where it is stored, in an operator's words */
    Optional<StoredLogin> login(String place) throws TokenStoreException {
        try {
            var token = token();
            boolean refused = isRefused();
            return token.map(found -> new StoredLogin(found, refused));
        } catch (TokenStoreException unusable) {
            throw unusable.at(place);
        }
    }

    /** The login {@code token} instead; scopes and account are kept where the token has none. */
    LoginDocument with(OAuthToken token) throws TokenStoreException {
        var shape = shape();
        boolean millis = shape == LoginShape.CLAUDE || new LoginMembers(login()).isInMillis(shape.expiry);
        long expiry = millis ? token.expiry().toEpochMilli() : token.expiry().getEpochSecond();
        var login = JsonTree.newObject(login())
                .remove(REFUSED)
                .remove(shape.refresh)
                .remove(LIFETIME)
                .add(shape.access, token.accessToken())
                .add(shape.expiry, expiry);
        token.refreshToken().ifPresent(refresh -> login.add(shape.refresh, refresh));
        if (shape == LoginShape.FLAT) {
            token.lifetime().ifPresent(lifetime -> login.add(LIFETIME, lifetime.toSeconds()));
        }
        var before = new LoginMembers(login());
        token.account()
                .filter(account -> !before.account().equals(Optional.of(account)))
                .ifPresent(account -> login.add("account", account));
        if (!token.scopes().isEmpty() && !token.scopes().equals(before.scopes())) {
            login.remove("scope").remove("scopes").add(shape.scopes, scopes(token));
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
        return Sha256.hex(new LoginMembers(login()).token(shape().refresh).orElse(""));
    }

    private JsonValue scopes(OAuthToken token) {
        return shape() == LoginShape.FLAT
                ? JsonTree.string(String.join(" ", token.scopes()))
                : JsonTree.newArray(token.scopes()).build();
    }

    /** The names of the members of a stored login. */
    enum LoginShape {
        /** An object with the names of RFC 6749. */
        FLAT("access_token", "refresh_token", "expires_at", "scope"),
        CLAUDE("accessToken", "refreshToken", "expiresAt", "scopes");

        private final String access;
        private final String refresh;
        private final String expiry;
        private final String scopes;

        LoginShape(String access, String refresh, String expiry, String scopes) {
            this.access = access;
            this.refresh = refresh;
            this.expiry = expiry;
            this.scopes = scopes;
        }
    }

    /** Reads the members of a stored login. A member that is null counts as missing; no message shows a value. */
    record LoginMembers(JsonObject members) {
        private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
        /** No exponents: expanding a large one would use all memory. */
        private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,9})?");

        private static final BigDecimal LEAST_MILLIS = new BigDecimal("1e11");
        private static final List<String> WHOSE = List.of("account", "organization", "subscriptionType");
        private static final List<String> NAMES = List.of("email_address", "email", "name", "uuid", "id");

        Optional<String> token(String name) throws TokenStoreException {
            var value = members.getOrDefault(name, JsonValue.NULL);
            if (value == JsonValue.NULL) {
                return Optional.empty();
            }
            var text = text(value);
            if (text.filter(token -> TOKEN.matcher(token).matches()).isEmpty()) {
                throw new TokenStoreException("has a member " + name + " that is no token");
            }
            return text;
        }

        /** A time in seconds since 1970, or milliseconds from 10^11 on; a missing time is long past. */
        Instant time(String name) throws TokenStoreException {
            return number(name)
                    .map(number -> isMillis(number) ? number : number.movePointRight(3))
                    .map(millis -> Instant.ofEpochMilli(millis.longValue()))
                    .orElse(Instant.EPOCH);
        }

        /** Whether a time exists, and is in milliseconds. */
        boolean isInMillis(String name) throws TokenStoreException {
            return number(name).filter(LoginMembers::isMillis).isPresent();
        }

        Optional<Duration> seconds(String name) throws TokenStoreException {
            return number(name)
                    .map(number -> Duration.ofMillis(number.movePointRight(3).longValue()));
        }

        /** Scopes as an array, or as one text separated by blanks (RFC 6749, section 3.3). */
        List<String> scopes() {
            for (var name : List.of("scopes", "scope")) {
                var value = members.get(name);
                if (value instanceof JsonArray array) {
                    return array.stream().flatMap(item -> text(item).stream()).toList();
                }
                if (value instanceof JsonString text) {
                    return List.of(text.getString().split(" ")).stream()
                            .filter(scope -> !scope.isEmpty())
                            .toList();
                }
            }
            return List.of();
        }

        Optional<String> account() {
            return WHOSE.stream()
                    .map(members::get)
                    .flatMap(value -> named(value).stream())
                    .findFirst();
        }

        private static Optional<String> named(JsonValue value) {
            if (value instanceof JsonObject object) {
                return NAMES.stream()
                        .map(object::get)
                        .flatMap(name -> text(name).stream())
                        .findFirst();
            }
            return text(value);
        }

        private Optional<BigDecimal> number(String name) throws TokenStoreException {
            var value = members.getOrDefault(name, JsonValue.NULL);
            if (value == JsonValue.NULL) {
                return Optional.empty();
            }
            if (value instanceof JsonNumber number
                    && NUMBER.matcher(number.toString()).matches()) {
                return Optional.of(number.bigDecimalValue());
            }
            throw new TokenStoreException("has a member " + name + " that is no time");
        }

        private static boolean isMillis(BigDecimal number) {
            return number.compareTo(LEAST_MILLIS) >= 0;
        }

        private static Optional<String> text(JsonValue value) {
            return value instanceof JsonString text && !text.getString().isEmpty()
                    ? Optional.of(text.getString())
                    : Optional.empty();
        }
    }
}
