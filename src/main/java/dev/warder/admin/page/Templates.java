package dev.warder.admin.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The templates of {@code src/main/jte}, which become classes of this build. Thread-safe. */
public final class Templates {
    private static final TemplateEngine ENGINE = engine();

    private Templates() {}

    /** @param params those of the template, by their names */
    public static String of(String template, Map<String, Object> params) {
        var text = new Escaped();
        ENGINE.render(template + ".jte", params, text);
        return text.page();
    }

    /** @param model the only parameter of the template */
    static String of(String template, Object model) {
        var text = new Escaped();
        ENGINE.render(template + ".jte", model, text);
        return text.page();
    }

    private static TemplateEngine engine() {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        // The engine finds the classes by the loader of the thread, which may be that of the server.
        thread.setContextClassLoader(Templates.class.getClassLoader());
        try {
            return TemplateEngine.createPrecompiled(ContentType.Html);
        } finally {
            thread.setContextClassLoader(before);
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

    /**
     * A page, in which text is never read as markup. It has the same form in elements and in quoted attributes, and no
     * other place: the pages have no script, and their style is a constant. One thread at a time.
     */
    private static final class Escaped extends StringOutput implements HtmlTemplateOutput {
        private boolean isCode;

        /** With one line break at its end, as of one file and not of all that it calls. */
        String page() {
            return toString().stripTrailing() + "\n";
        }

        @Override
        public void setContext(String tag, @Nullable String attribute) {
            isCode = attribute == null
                    ? tag.equals("script") || tag.equals("style")
                    : attribute.startsWith("on") || attribute.equals("style");
        }

        @Override
        public void writeUserContent(@Nullable String text) {
            if (isCode) {
                throw new IllegalStateException("text in a script or a style");
            }
            if (text != null) {
                var escaped = new StringBuilder(text.length());
                text.codePoints().forEach(c -> escape(c, escaped));
                writeContent(escaped.toString());
            }
        }

        private static void escape(int c, StringBuilder escaped) {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isShown(c) ? c : 0xFFFD);
            }
        }
    }
}
