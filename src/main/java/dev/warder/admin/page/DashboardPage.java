package dev.warder.admin.page;

import dev.warder.config.TextFile;
import dev.warder.http.Field;
import java.util.List;

/** What the pages with the common style sheet need beside their templates. */
public final class DashboardPage {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private DashboardPage() {}

    public static List<Field> fields() {
        return Page.fields(POLICY, "same-origin");
    }

    public static String style() {
        return resource("page.css");
    }

    public static String script() {
        return resource("page.js");
    }

    public static String version() {
        return resource("version.txt").strip();
    }

    static String resource(String name) {
        return TextFile.of(DashboardPage.class, name);
    }
}
