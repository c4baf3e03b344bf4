package dev.warder.admin.page;

import dev.warder.config.TextFile;
import dev.warder.http.Field;
import dev.warder.http.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The header fields and resources of pages, beside their templates. Small pages have no script, one inline style sheet that
 * is allowed by its hash, and no external content.
 *
 * <p>Pages have {@code Referrer-Policy: same-origin} and not {@code no-referrer}. With the latter a browser would send
 * {@code Origin: null} with the forms (Fetch, section 3.2), and they would look like those of another site.
 */
public final class Page {
    public static final String STYLE = resource("small.css");

    private static final String POLICY = "default-src 'none'; style-src 'sha256-" + hash(STYLE)
            + "'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private static final String COMMON_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private Page() {}

    /** The common style sheet. */
    public static String style() {
        return resource("page.css");
    }

    public static String script() {
        return resource("page.js");
    }

    private static String resource(String name) {
        return TextFile.of(Page.class, name);
    }

    /** The header fields of a page with the common style sheet. */
    public static List<Field> commonFields() {
        return fields(COMMON_POLICY, "same-origin");
    }

    public static List<Field> fields() {
        return fields(POLICY, "same-origin");
    }

    /**
     * The header fields of the page whose forms may lead to an authorization server. A browser applies the policy to
     * each hop of a form's redirects, and such servers redirect to others, so any {@code https} is allowed; no secret
     * is typed there.
     *
     * @param origin the origin of the authorization server if it is not {@code https}; or empty
     */
    public static List<Field> fieldsWithLogin(String origin) {
        return fields(POLICY + " https:" + (origin.isEmpty() ? "" : " " + origin), "same-origin");
    }

    public static List<Field> fieldsOfSecretAddress() {
        return fields(POLICY, "no-referrer");
    }

    private static List<Field> fields(String policy, String referrer) {
        return List.of(
                new Field("Content-Security-Policy", policy),
                new Field("X-Frame-Options", "DENY"),
                new Field("X-Content-Type-Options", "nosniff"),
                new Field("Referrer-Policy", referrer));
    }

    private static String hash(String style) {
        return Base64.getEncoder().encodeToString(Sha256.of(style.getBytes(StandardCharsets.UTF_8)));
    }
}
