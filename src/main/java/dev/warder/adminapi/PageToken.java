package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.http.Sha256;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The value of {@code page}: the position of the next page and a digest of it and of what is asked for, so that a token of
 * another query, or a changed one, is refused. The digest needs no key. A position that a caller makes up gives nothing that
 * the caller could not ask for.
 */
public final class PageToken {
    private static final String FOREIGN = "page: must be next_page of an earlier response to the same query";
    private static final String PREFIX = "page_";
    private static final String SEPARATOR = "\n";
    private static final int DIGEST_BYTES = 9;
    private static final int LONGEST = 6000;

    private PageToken() {}

    public static String of(String query, List<String> position) {
        String text = text(position);
        byte[] token = (digest(query, text) + text).getBytes(StandardCharsets.UTF_8);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /**
     * The position of a token.
     *
     * @throws InvalidValueException when it is no token for this query
     */
    public static List<String> position(String query, String token) throws InvalidValueException {
        try {
            return genuine(query, token);
        } catch (IllegalArgumentException malformed) {
            // A digest without a key can be made for any text.
            throw new InvalidValueException(FOREIGN);
        }
    }

    /**
     * The first text of the position of the parameter {@code page}; empty without one.
     *
     * @throws InvalidValueException when it is no token for this query
     */
    public static Optional<String> after(String query, Map<String, List<String>> parameters)
            throws InvalidValueException {
        String page = QueryPairs.find(parameters, "page").orElse("");
        return page.isEmpty()
                ? Optional.empty()
                : Optional.of(position(query, page).get(0));
    }

    private static List<String> genuine(String query, String token) throws InvalidValueException {
        if (token.startsWith(PREFIX) && token.length() <= LONGEST) {
            String decoded = decoded(token.substring(PREFIX.length()));
            int length = 2 * DIGEST_BYTES;
            if (decoded.length() > length) {
                String text = decoded.substring(length);
                if (decoded.startsWith(digest(query, text))) {
                    return fields(text);
                }
            }
        }
        throw new InvalidValueException(FOREIGN);
    }

    private static String decoded(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    private static String text(List<String> position) {
        return String.join(
                SEPARATOR,
                position.stream()
                        .map(each -> URLEncoder.encode(each, StandardCharsets.UTF_8))
                        .toList());
    }

    private static List<String> fields(String text) {
        var fields = new ArrayList<String>();
        for (String each : text.split(SEPARATOR, -1)) {
            fields.add(URLDecoder.decode(each, StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static String digest(String query, String text) {
        return Sha256.hex(query + SEPARATOR + text, DIGEST_BYTES);
    }
}
