package dev.warder.health;

import dev.warder.html.Html;
import dev.warder.html.Page;
import dev.warder.http.OwnResponse;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The response to a browser at {@code GET /}: what this is. It reveals no version and no state. It links the pages of
 * administrators only where they are served.
 */
final class WelcomePage {
    private static final String WITH_ADMIN = page(
            """
            <li>Operators: the <a href="admin/">administration page</a> needs <code>admin.token</code>;
            <a href="health">health</a> needs no token.</li>
            """);

    private static final String WITHOUT_ADMIN =
            page("""
            <li>Operators: <a href="health">health</a> needs no token.</li>
            """);

    private WelcomePage() {}

    /** @param admin whether the pages of administrators are served */
    static void send(boolean admin, RequestRecord record, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] body = (admin ? WITH_ADMIN : WITHOUT_ADMIN).getBytes(StandardCharsets.UTF_8);
        response.setStatus(HttpServletResponse.SC_OK);
        response.setContentType("text/html;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Vary", "Accept");
        response.setHeader(OwnResponse.REQUEST_ID, record.call().id());
        Page.fields().forEach(field -> response.setHeader(field.name(), field.value()));
        response.setContentLength(body.length);
        record.end(RequestEnd.OK, HttpServletResponse.SC_OK, body.length);
        OwnResponse.send(request, response, body);
    }

    private static String page(String operators) {
        var content = new Html()
                .markup(
                        """
                        <main>
                        <h1>Warder</h1>
                        <p>This is a gateway to the Anthropic API. It serves programs, such as Claude Code and the SDKs,
                        that have an access token from its operator.</p>
                        <ul>
                        <li>Clients: use this address as the base URL.</li>
                        """)
                .markup(operators)
                .markup(
                        """
                        <li>Documentation: the <code>README.md</code> of Warder and the pages that it links, in
                        <code>src/site/markdown</code>.</li>
                        </ul>
                        </main>
                        """);
        return Page.of("Gateway", "", content);
    }
}
