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
     * Adds a field for JSON over several lines.
     *
     * @param name of the field, a constant
     * @param label a constant
     * @param text what it has
     * @param hint what may be in it; a constant
     */
    static void add(Sheet sheet, String name, String label, String text, String hint) {
        long rows = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, text.lines().count() + 1));
        // A browser ignores a line break at the beginning of the text.
        sheet.html()
                .markup("<label for=\"" + name + "\">" + label + "</label>\n<textarea id=\"" + name + "\" name=\""
                        + name
                        + "\" rows=\"" + rows + "\" maxlength=\"" + LONGEST
                        + "\" spellcheck=\"false\" autocomplete=\"off\" aria-describedby=\"" + name + "-hint\">\n")
                .text(text)
                .markup("</textarea>\n<p class=\"none\" id=\"" + name + "-hint\">" + hint + "</p>\n");
    }

    static void line(Sheet sheet, String name, String type, String label, String text, String hint) {
        sheet.html()
                .markup("<label for=\"" + name + "\">" + label + "</label>\n<input id=\"" + name + "\" name=\"" + name
                        + "\" type=\"" + type + "\" maxlength=\"64\" autocomplete=\"off\" aria-describedby=\"" + name
                        + "-hint\"")
                .attribute("value", text)
                .markup(">\n<p class=\"none\" id=\"" + name + "-hint\">" + hint + "</p>\n");
    }

    static void sure(Sheet sheet, String id, String what) {
        sheet.html()
                .markup("<p class=\"sure\"><input type=\"checkbox\" id=\"" + id + "\" name=\"" + SURE
                        + "\" value=\"yes\" required> <label for=\"" + id + "\">")
                .text(what)
                .markup("</label></p>\n");
    }
}
