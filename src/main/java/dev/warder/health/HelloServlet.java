package dev.warder.health;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.page.Html;
import dev.warder.admin.page.Page;
import dev.warder.http.Attributes;
import dev.warder.http.OwnResponse;
import dev.warder.http.Route;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Responds to the probes that Claude Code sends before its first request ({@code HEAD /}, {@code HEAD} and {@code GET
 * /api/hello}, also below {@code /anthropic}) with an empty 200. They carry no credential, so none is required. A browser at {@code GET /} receives a page.
 */
public final class HelloServlet extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        if (record.refuseMethod(request, response)) {
            return;
        }
        if (record.call().route() == Route.WELCOME) {
            boolean admin = Attributes.get(getServletContext(), AdminSettings.class)
                    .token()
                    .isPresent();
            WelcomePage.send(admin, record, request, response);
            return;
        }
        response.setStatus(200);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(OwnResponse.REQUEST_ID, record.call().id());
        response.setContentLength(0);
        record.end(RequestEnd.OK, 200, 0);
    }

    /**
     * The response to a browser at {@code GET /}: what this is. It reveals no version and no state. It links the pages of
     * administrators only where they are served.
     */
    private static final class WelcomePage {
        private static final String WITH_ADMIN = page(
                """
                <li>Operators: the <a href="admin/">administration page</a> needs <code>admin.token</code>;
                <a href="health">health</a> needs no token.</li>
                """);

        private static final String WITHOUT_ADMIN = page(
                """
                <li>Operators: <a href="health">health</a> needs no token.</li>
                """);

        private WelcomePage() {}

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
}
