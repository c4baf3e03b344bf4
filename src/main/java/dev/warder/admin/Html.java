package dev.warder.admin;

/**
 * The one place where text becomes HTML: a page is put together from markup of our own and from text, and each method says
 * which of the two it takes. One thread at a time.
 */
final class Html {
    private final StringBuilder page = new StringBuilder();

    /** Adds markup of our own, as it is: a constant, never anything that came from outside. */
    Html markup(String constant) {
        page.append(constant);
        return this;
    }

    /** Adds text, which no reader can take for markup, inside an element or a quoted attribute. */
    Html text(String text) {
        text.codePoints().forEach(this::escape);
        return this;
    }

    /** Adds an element with nothing but text in it. */
    Html element(String name, String text) {
        return markup("<" + name + ">").text(text).markup("</" + name + ">");
    }

    /** Adds a name and a text value to the tag that is open. */
    Html attribute(String name, String value) {
        return markup(" " + name + "=\"").text(value).markup("\"");
    }

    /** All of it. */
    String page() {
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

    /** Not what is invisible or turns the direction of writing, with which a text can look like another. */
    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> c == '\n' || c == '\t';
            default -> true;
        };
    }
}
