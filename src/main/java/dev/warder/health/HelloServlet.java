package dev.warder.health;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.page.Page;
import dev.warder.admin.page.Templates;
import dev.warder.http.Attributes;
import dev.warder.http.GatewayServlet;
import dev.warder.http.OwnResponse;
import dev.warder.http.Route;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Responds to the probes that Claude Code sends before its first request ({@code HEAD /}, {@code HEAD} and {@code GET
 * /api/hello}, also below {@code /anthropic}) with an empty 200. They carry no credential, so none is required. A browser at {@code GET /} receives a page.
 */
public final class HelloServlet extends GatewayServlet<AdminSettings> {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        if (record.refuseMethod(request, response)) {
            return;
        }
        if (record.call().route() == Route.WELCOME) {
            response.setHeader("Vary", "Accept");
            Page.fields().forEach(field -> response.setHeader(field.name(), field.value()));
            record.respond(
                    request,
                    response,
                    200,
                    "text/html;charset=utf-8",
                    WelcomePage.body(parts().token().isPresent()));
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
        private static final String WITH_ADMIN = Templates.of("welcome", Map.of("admin", true));
        private static final String WITHOUT_ADMIN = Templates.of("welcome", Map.of("admin", false));

        private WelcomePage() {}

        static byte[] body(boolean admin) {
            return (admin ? WITH_ADMIN : WITHOUT_ADMIN).getBytes(StandardCharsets.UTF_8);
        }
    }
}
