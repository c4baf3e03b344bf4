package dev.warder.admin.page;

import dev.warder.http.Field;
import dev.warder.http.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The frame of small pages: no script, one inline style sheet that is allowed by its hash, and no
 * external content.
 *
 * <p>Pages have {@code Referrer-Policy: same-origin} and not {@code no-referrer}. With the latter a browser would send
 * {@code Origin: null} with the forms (Fetch, section 3.2), and they would look like those of another site.
 */
public final class Page {
    private static final String STYLE =
            """
            :root{color-scheme:light dark;background:Canvas;color:CanvasText;--line:#8886;--soft:#8881;--good:#11763c;--bad:#b3261e;--link:#1a56b8}
            @media(prefers-color-scheme:dark){:root{--good:#58c98a;--bad:#ff8a80;--link:#8ab4f8}}
            *{box-sizing:border-box}
            body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:90rem;padding:1rem 1.5rem 3rem}
            header{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;justify-content:space-between}
            .pages{flex-basis:100%;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;border-bottom:1px solid var(--line);\
            padding-bottom:.5rem}
            .pages a{color:inherit;text-decoration:none}
            .pages a:hover{text-decoration:underline}
            .pages a[aria-current]{font-weight:600;box-shadow:0 2px var(--link)}
            h1{font-size:1.4rem;margin:.5rem 0}
            .note{border-left:.3rem solid var(--link);background:var(--soft);padding:.6rem 1rem;margin:1rem 0}
            .wide{overflow-x:auto}
            table{border-collapse:collapse;width:100%}
            caption{text-align:left;padding:.4rem 0}
            th,td{text-align:left;vertical-align:top;padding:.6rem .8rem;border-bottom:1px solid var(--line)}
            thead th{background:var(--soft)}
            td p,th p{margin:0 0 .2rem;overflow-wrap:anywhere}
            td .good,td .bad{white-space:nowrap}
            th p{font-weight:normal}
            .good{color:var(--good);font-weight:600}
            .bad{color:var(--bad);font-weight:600}
            code{font-family:ui-monospace,monospace;white-space:nowrap}
            form{margin:0}
            td form{margin-bottom:.4rem}
            button,input,select{font:inherit;padding:.35rem .8rem;border:1px solid var(--line);border-radius:.3rem}
            td button{width:100%}
            label{display:block;margin:.6rem 0 .2rem}
            input{width:100%;max-width:32rem}
            :focus-visible{outline:3px solid var(--link);outline-offset:1px}
            a{color:var(--link)}
            """;

    private static final String POLICY = "default-src 'none'; style-src 'sha256-" + hash(STYLE)
            + "'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private Page() {}

    /**
     * A whole page. The title is a constant; {@code refresh} is a relative reference that the browser loads at once, or
     * empty.
     */
    public static String of(String title, String refresh, Html content) {
        var page = new Html()
                .markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        if (!refresh.isEmpty()) {
            page.markup("<meta http-equiv=\"refresh\"")
                    .attribute("content", "0; url=" + refresh)
                    .markup(">\n");
        }
        page.element("title", title + " - Warder").markup("\n<style>" + STYLE + "</style>\n</head>\n<body>\n");
        page.markup(content.page()).markup("</body>\n</html>\n");
        return page.page();
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
