package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The tokens that a caller presents, in the three fields for tokens. An empty value counts as none, and so does an
 * Authorization field without a bearer token (RFC 6750, section 2.1: the scheme in any case, at least one space). The text form
 * shows no token.
 *
 * @param dedicated the field for access tokens ({@code clients.header}), {@code Bearer} optional
 * @param apiKey {@code x-api-key}
 * @param bearer the token of {@code Authorization: Bearer}
 * @param contradictory whether one of the fields was sent twice with different values
 */
public record PresentedTokens(
        Optional<String> dedicated, Optional<String> apiKey, Optional<String> bearer, boolean contradictory) {
    private static final String BEARER = "bearer";

    public static PresentedTokens of(HttpServletRequest request, String dedicatedHeader) {
        var dedicated = distinct(request, dedicatedHeader);
        var apiKeys = distinct(request, Fields.API_KEY);
        var authorizations = distinct(request, Fields.AUTHORIZATION);
        return new PresentedTokens(
                first(dedicated, value -> bearerToken(value).or(() -> text(value))),
                first(apiKeys, PresentedTokens::text),
                first(authorizations, PresentedTokens::bearerToken),
                dedicated.size() > 1 || apiKeys.size() > 1 || authorizations.size() > 1);
    }

    public static Optional<String> bearer(HttpServletRequest request) {
        var authorizations = distinct(request, Fields.AUTHORIZATION);
        return authorizations.size() > 1 ? Optional.empty() : first(authorizations, PresentedTokens::bearerToken);
    }

    @Override
    public String toString() {
        return "PresentedTokens";
    }

    private static List<String> distinct(HttpServletRequest request, String name) {
        var values = Fields.values(request, name);
        return values.size() < 2 ? values : List.copyOf(new LinkedHashSet<>(values));
    }

    private static Optional<String> first(List<String> values, Function<String, Optional<String>> reading) {
        return values.isEmpty() ? Optional.empty() : reading.apply(values.get(0));
    }

    private static Optional<String> text(String value) {
        return Optional.of(value.strip()).filter(text -> !text.isEmpty() && !text.equalsIgnoreCase(BEARER));
    }

    private static Optional<String> bearerToken(String value) {
        String field = value.strip();
        boolean bearer = field.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && field.length() > BEARER.length()
                && field.charAt(BEARER.length()) == ' ';
        return bearer
                ? text(field.substring(BEARER.length())).filter(token -> token.indexOf(' ') < 0)
                : Optional.empty();
    }
}
