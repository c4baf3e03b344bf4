package dev.warder.ledger;

/** Text as a field of CSV (RFC 4180). */
public final class CsvText {
    private static final String FORMULA = "=+-@\uFF1D\uFF0B\uFF0D\uFF20\t\r\n";

    private CsvText() {}

    /**
     * The field, quoted if it must be. Clients choose the names of models and sessions, and a spreadsheet would run a text that
     * begins like a formula: such a text gets a {@code '} before it. Signs of full width count too, since spreadsheets for Chinese
     * and Japanese read them as the others.
     */
    public static String field(String text) {
        return quoted(harmless(text));
    }

    private static String harmless(String text) {
        return !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n' || c == ';');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
