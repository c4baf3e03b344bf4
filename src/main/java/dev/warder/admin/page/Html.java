package dev.warder.admin.page;

import java.util.Optional;

/**
 * The only class that turns text into HTML. A page consists of our own markup and of text, and each method states which
 * of the two it takes. One thread at a time.
 */
public class Html {
    private static final String PLACE = "{}";

    private final StringBuilder page = new StringBuilder();

    /** See {@link #markup}. */
    public static Html of(String constant, Object... values) {
        return new Html().markup(constant, values);
    }

    /**
     * Adds our own markup: a constant, never anything that came from outside.
     *
     * @param values what stands for each <code>{}</code>, as in {@link #add}; also inside a quoted attribute
     */
    public final Html markup(String constant, Object... values) {
        int from = 0;
        for (var value : values) {
            int place = constant.indexOf(PLACE, from);
            page.append(constant, from, place);
            from = place + PLACE.length();
            add(value);
        }
        page.append(constant, from, constant.length());
        return this;
    }

    /** Adds other HTML as it is, the content of an {@code Optional} that has one, and everything else as text. */
    public final Html add(Object... values) {
        for (var value : values) {
            if (value instanceof Html html) {
                page.append(html.page);
            } else if (value instanceof Optional<?> optional) {
                optional.ifPresent(this::add);
            } else {
                text(String.valueOf(value));
            }
        }
        return this;
    }

    /** Adds text inside an element or a quoted attribute, escaped so that it is never read as markup. */
    public final Html text(String text) {
        text.codePoints().forEach(this::escape);
        return this;
    }

    /** See {@link #add}. */
    static Html all(Object... values) {
        return new Html().add(values);
    }

    /** A constant, or nothing. */
    static Html when(boolean shown, String constant, Object... values) {
        return shown ? of(constant, values) : new Html();
    }

    public static Html hidden(String name, String value) {
        return of("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, value);
    }

    /**
     * A part of a page under a title.
     *
     * @param width a constant of the style sheet
     * @param links what follows the title
     */
    static Html section(String id, String width, String title, Html links, Html content) {
        String markup =
                """
                        <section class="panel {}" id="{}" aria-labelledby="{}-title">
                        <div class="head"><h2 id="{}-title">{}</h2>{}</div>
                        {}</section>
                        """;
        return of(markup, width, id, id, id, title, links, content);
    }

    public final String page() {
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
    static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE -> c == '\n' || c == '\t';
            default -> true;
        };
    }
}
