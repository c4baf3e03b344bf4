package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a query, in their order. A list is several parameters whose names end with {@code []}. */
public final class QueryPairs {
    public static final int MOST_ENTRIES = 100;

    private static final String LIST = "[]";

    private QueryPairs() {}

    /** The parameter by which the SDKs ask for the beta form of a request, which has the same shape. */
    public static final String BETA = "beta";

    /** Receives parameters. */
    @FunctionalInterface
    public interface Reader {
        /**
         * One more.
         *
         * @param name without the brackets of a list
         * @throws InvalidValueException with the reason, for the caller
         */
        void read(String name, String value) throws InvalidValueException;
    }

    /**
     * Reads a query.
     *
     * @param text as received, without the question mark
     * @throws InvalidValueException with the reason, for the caller
     */
    public static void read(String text, Reader reader) throws InvalidValueException {
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                reader.read(name.endsWith(LIST) ? name.substring(0, name.length() - LIST.length()) : name, value);
            }
        }
    }

    /**
     * The values of each parameter, in their order.
     *
     * @param names of all parameters that there are, with the brackets of a list
     */
    public static Map<String, List<String>> all(String text, List<String> names) throws InvalidValueException {
        var values = new HashMap<String, List<String>>();
        read(text, (name, value) -> {
            if (!names.contains(name) && !names.contains(name + LIST)) {
                var known = names.stream().filter(each -> !each.equals(BETA)).toList();
                int last = known.size() - 1;
                throw new InvalidValueException("The parameters are " + String.join(", ", known.subList(0, last))
                        + " and " + known.get(last) + "; the query has another one.");
            }
            values.computeIfAbsent(name, none -> new ArrayList<>()).add(value);
        });
        return values;
    }

    public static Optional<String> find(Map<String, List<String>> values, String name) {
        return Optional.ofNullable(values.get(name)).map(all -> all.get(all.size() - 1));
    }

    public static int number(String name, String value, int most) throws InvalidValueException {
        if (value.matches("[0-9]{1,6}")) {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        throw new InvalidValueException(name + ": must be from 1 to " + most);
    }

    private static String decoded(String text) throws InvalidValueException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new InvalidValueException("The query has a malformed escape.");
        }
    }
}
