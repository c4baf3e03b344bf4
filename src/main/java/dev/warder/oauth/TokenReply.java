package dev.warder.oauth;

import dev.warder.json.JsonTree;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a token endpoint's successful response (RFC 6749, section 5.1). The lifetime of a token counts from the sending of the
 * request, since the endpoint's clock began no earlier. It is an hour where the response has none, or none that makes sense
 * (less than 1 s): if a token expires sooner, the upstream's 401 reveals it.
 */
final class TokenReply {
    private static final Duration UNSAID = Duration.ofHours(1);
    private static final double LONGEST_SECONDS = Duration.ofDays(3650).toSeconds();
    private static final int LONGEST_NAME = 200;

    /** The characters that can travel in a header field (RFC 6750, section 2.1, allows fewer). */
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,16384}");

    private TokenReply() {}

    /** Empty when the body is no token response. */
    static Optional<OAuthToken> parse(String body, Instant sentAt) {
        var object = JsonTree.parseLeadingObject(body);
        var access = object.flatMap(json -> token(json, "access_token"));
        if (access.isEmpty()
                || object.flatMap(json -> JsonTree.findText(json, "token_type"))
                        .filter(type -> !type.equalsIgnoreCase("bearer"))
                        .isPresent()) {
            return Optional.empty();
        }
        var json = object.get();
        var lifetime = lifetime(json);
        return Optional.of(new OAuthToken(
                access.get(),
                token(json, "refresh_token"),
                sentAt.plus(lifetime),
                Optional.of(lifetime),
                scopes(json),
                account(json)));
    }

    private static Optional<String> token(JsonObject json, String name) {
        return JsonTree.findText(json, name)
                .filter(value -> VISIBLE.matcher(value).matches());
    }

    private static Duration lifetime(JsonObject json) {
        var value = json.get("expires_in");
        Optional<String> seconds = value instanceof JsonNumber number
                ? Optional.of(number.toString())
                : JsonTree.findText(json, "expires_in").map(String::strip);
        return seconds.flatMap(TokenReply::duration).orElse(UNSAID);
    }

    private static Optional<Duration> duration(String seconds) {
        try {
            double number = Double.parseDouble(seconds);
            return number >= 1
                    ? Optional.of(Duration.ofMillis((long) (Math.min(number, LONGEST_SECONDS) * 1000)))
                    : Optional.empty();
        } catch (NumberFormatException unsaid) {
            return Optional.empty();
        }
    }

    private static List<String> scopes(JsonObject json) {
        return JsonTree.findText(json, "scope").stream()
                .flatMap(scope -> Stream.of(scope.split("[ ,]+")))
                .filter(scope -> VISIBLE.matcher(scope).matches())
                .toList();
    }

    private static Optional<String> account(JsonObject json) {
        var names = Stream.of("account", "organization")
                .map(json::get)
                .flatMap(value -> name(value).stream())
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? Optional.empty() : Optional.of(names);
    }

    private static Optional<String> name(JsonValue value) {
        if (value instanceof JsonObject object) {
            return Stream.of("email_address", "name", "uuid")
                    .flatMap(member -> JsonTree.findText(object, member).stream())
                    .findFirst()
                    .flatMap(TokenReply::shown);
        }
        return value instanceof JsonString string ? shown(string.getString()) : Optional.empty();
    }

    private static Optional<String> shown(String name) {
        var shown = name.replaceAll("\\p{C}", "").strip();
        shown = shown.length() > LONGEST_NAME ? shown.substring(0, LONGEST_NAME) : shown;
        return shown.isEmpty() ? Optional.empty() : Optional.of(shown);
    }
}
