package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ValueSyntax.Parser;
import dev.warder.http.PageDocument;
import dev.warder.http.Sha256;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The parameters of a request, each with its values in their order. A list is several parameters whose names end with {@code
 * []}, which the names here do not have. Immutable.
 *
 * <p>The value of {@code page} is the position of the next page with a digest of it and of what is asked for, so that a token
 * of another query, or a changed one, is refused. The digest needs no key. A position that a caller makes up gives nothing that
 * the caller could not ask for.
 *
 * @param list what is asked for, pages and limits apart: a list, with what {@link #as} has added
 */
record Query(String list, Map<String, List<String>> values) {
    static final int MOST_ENTRIES = 100;
    static final String FOREIGN = "page: must be next_page of an earlier response to the same query";

    /** The parameter by which the SDKs ask for the beta form of a request, which has the same shape. */
    static final String BETA = "beta";

    private static final String LIST = "[]";
    private static final String SEPARATOR = "\n";
    private static final int DIGEST_BYTES = 9;
    private static final int LONGEST = 6000;

    /**
     * Reads a query.
     *
     * @param list its name
     * @param text as received, without the question mark
     * @param names of all parameters that the refusal of another one lists, those of lists with {@code []}
     * @param others the names of those that it does not list
     * @throws InvalidValueException with the reason, for the caller
     */
    static Query parse(String list, String text, List<String> names, List<String> others) throws InvalidValueException {
        var all =
                Stream.concat(names.stream(), others.stream()).map(Query::plain).collect(Collectors.toSet());
        int last = names.size() - 1;
        String listed = String.join(", ", names.subList(0, last)) + " and " + names.get(last);
        return parse(list, text, all, "The parameters are " + listed + "; the query has another one.");
    }

    private static String plain(String name) {
        return name.endsWith(LIST) ? name.substring(0, name.length() - LIST.length()) : name;
    }

    /**
     * Reads a query.
     *
     * @param list its name
     * @param text as received, without the question mark
     * @param names of all parameters that there are
     * @param unknown the reason why another parameter is refused
     * @throws InvalidValueException with the reason, for the caller
     */
    static Query parse(String list, String text, Set<String> names, String unknown) throws InvalidValueException {
        var values = new HashMap<String, List<String>>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = plain(decoded(equals < 0 ? pair : pair.substring(0, equals)));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                if (!names.contains(name)) {
                    throw new InvalidValueException(unknown);
                }
                values.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
            }
        }
        return new Query(list, values);
    }

    /**
     * The same query, whose pages are those of all queries that are understood in this way, however they are written.
     *
     * @param understood what the parameters ask for, sets in an order that all nodes have
     */
    Query as(Object... understood) {
        return new Query(list + SEPARATOR + Arrays.toString(understood), values);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The last value of a parameter; all of them must be readable. */
    <T> Optional<T> find(String name, Parser<T> parser) throws InvalidValueException {
        Optional<T> last = Optional.empty();
        for (var value : all(name)) {
            last = Optional.of(parser.parse(value));
        }
        return last;
    }

    /** The parameter {@code limit}, from 1. */
    Optional<Integer> limit(int most) throws InvalidValueException {
        return find("limit", value -> {
            if (value.matches("[0-9]{1,6}")) {
                int number = Integer.parseInt(value);
                if (number >= 1 && number <= most) {
                    return number;
                }
            }
            throw new InvalidValueException("limit: must be from 1 to " + most);
        });
    }

    /**
     * The first text of the position of the parameter {@code page}; empty without one.
     *
     * @throws InvalidValueException when it is no token for this query
     */
    Optional<String> after() throws InvalidValueException {
        return position().map(texts -> texts.get(0));
    }

    /** As {@link #after}, with all texts of the position, of which there is at least one. */
    Optional<List<String>> position() throws InvalidValueException {
        var page = find("page", value -> value).orElse("");
        return page.isEmpty() ? Optional.empty() : Optional.of(position(page));
    }

    /**
     * The first items of a list, with the value of {@code page} for those after them.
     *
     * @param limit the most items
     * @param position identifies an item
     * @param document makes what the page has of an item
     */
    <T, D> PageDocument<D> first(List<T> found, int limit, Function<T, String> position, Function<T, D> document) {
        return new PageDocument<>(
                found.stream().limit(limit).map(document).toList(),
                found.size() <= limit
                        ? Optional.empty()
                        : Optional.of(page(List.of(position.apply(found.get(limit - 1))))));
    }

    /** The value of {@code page} for a position. */
    String page(List<String> position) {
        String text = position.stream()
                .map(each -> URLEncoder.encode(each, StandardCharsets.UTF_8))
                .collect(Collectors.joining(SEPARATOR));
        return PageDocument.after(digest(text) + text);
    }

    private List<String> position(String token) throws InvalidValueException {
        String decoded =
                token.length() > LONGEST ? "" : PageDocument.name(token).orElse("");
        int length = 2 * DIGEST_BYTES;
        if (decoded.length() <= length || !decoded.startsWith(digest(decoded.substring(length)))) {
            throw new InvalidValueException(FOREIGN);
        }
        try {
            return Arrays.stream(decoded.substring(length).split(SEPARATOR, -1))
                    .map(each -> URLDecoder.decode(each, StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException malformed) {
            // The digest has no key, so that a client can make one for a malformed text.
            throw new InvalidValueException(FOREIGN);
        }
    }

    private String digest(String text) {
        return Sha256.hex(list + SEPARATOR + text, DIGEST_BYTES);
    }

    private static String decoded(String text) throws InvalidValueException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidValueException("The query has a malformed escape.");
        }
    }
}
