package dev.warder.admin.page;

/** Fields of forms. */
final class JsonField {
    /** The most characters of a definition. */
    static final int LONGEST = 64 * 1024;

    static final String SURE = "sure";

    private static final int LEAST_ROWS = 4;
    private static final int MOST_ROWS = 30;

    private JsonField() {}

    /**
     * A field for JSON over several lines.
     *
     * @param text what it has
     * @param hint what may be in it
     */
    static Html lines(String name, String label, String text, String hint) {
        long rows = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, text.lines().count() + 1));
        // A browser ignores a line break at the beginning of the text.
        String markup = "<textarea {} rows=\"{}\" maxlength=\"{}\" spellcheck=\"false\">\n{}</textarea>";
        return field(name, label, hint, Html.of(markup, attributes(name), rows, LONGEST, text));
    }

    static Html line(String name, String type, String label, String text, String hint) {
        String markup = "<input {} type=\"{}\" maxlength=\"64\" value=\"{}\">";
        return field(name, label, hint, Html.of(markup, attributes(name), type, text));
    }

    private static Html attributes(String name) {
        return Html.of("id=\"{}\" name=\"{}\" autocomplete=\"off\" aria-describedby=\"{}-hint\"", name, name, name);
    }

    private static Html field(String name, String label, String hint, Html field) {
        String markup = "<label for=\"{}\">{}</label>\n{}\n<p class=\"none\" id=\"{}-hint\">{}</p>\n";
        return Html.of(markup, name, label, field, name, hint);
    }

    static Html sure(String id, String what) {
        String markup =
                """
                <p class="sure"><input type="checkbox" id="{}" name="{}" value="yes" required>\
                 <label for="{}">{}</label></p>
                """;
        return Html.of(markup, id, SURE, id, what);
    }
}
