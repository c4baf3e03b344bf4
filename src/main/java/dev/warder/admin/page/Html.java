package dev.warder.admin.page;

/**
 * The only class that turns text into HTML. A page consists of our own markup and of text, and each method states which
 * of the two it takes. One thread at a time.
 */
public final class Html {
    private final StringBuilder page = new StringBuilder();

    public Html() {}

    /** Adds our own markup unchanged: a constant, never anything that came from outside. */
    public Html markup(String constant) {
        page.append(constant);
        return this;
    }

    /** Adds text inside an element or a quoted attribute, escaped so that it is never read as markup. */
    public Html text(String text) {
        text.codePoints().forEach(this::escape);
        return this;
    }

    public Html element(String name, String text) {
        return markup("<" + name + ">").text(text).markup("</" + name + ">");
    }

    public Html attribute(String name, String value) {
        return markup(" " + name + "=\"").text(value).markup("\"");
    }

    public String page() {
        return page.toString();
    }

    private void escape(int c) {
        switch (c) {
            case '<' -> page.append("&lt;");
            case '>' -> page.append("&gt;");
            case '&' -> page.append("&amp;");
            case '"' -> page.append("&quot;");
            case '\'' -> page.append("&#39;");
            default -> page.appendCodePoint(isShown(c) ? c : 0xFFFD);
        }
    }

    /**
     * Excludes characters that are invisible or change the direction of writing, because they can make a text look like
     * another.
     */
    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> c == '\n' || c == '\t';
            default -> true;
        };
    }
}
