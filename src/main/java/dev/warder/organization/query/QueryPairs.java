package dev.warder.organization.query;

import dev.warder.config.InvalidValueException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The parameters of a query, in their order. A list is several parameters whose names end with {@code []}. */
public final class QueryPairs {
    /** The most entries of a list. */
    public static final int MOST_ENTRIES = 100;

    private static final String LIST = "[]";

    private QueryPairs() {}

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

    /** A whole number of these, without a sign. */
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
