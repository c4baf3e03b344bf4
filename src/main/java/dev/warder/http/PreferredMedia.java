package dev.warder.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;

/** The kind of response that a caller prefers (RFC 9110, section 12.5.1). */
public final class PreferredMedia {
    private PreferredMedia() {}

    /** Whether it is HTML and not JSON. Browsers name HTML first; weights are ignored. */
    public static boolean isHtml(HttpServletRequest request) {
        String accept =
                Optional.ofNullable(request.getHeader("accept")).orElse("").toLowerCase(Locale.ROOT);
        int html = accept.indexOf("text/html");
        int json = accept.indexOf("application/json");
        return html >= 0 && (json < 0 || html < json);
    }
}
