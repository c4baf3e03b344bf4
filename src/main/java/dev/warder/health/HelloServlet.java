package dev.warder.health;

import dev.warder.admin.AdminSettings;
import dev.warder.http.Attributes;
import dev.warder.http.OwnResponse;
import dev.warder.http.Route;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Responds to the probes that Claude Code sends before its first request ({@code HEAD /}, {@code HEAD} and {@code GET
 * /api/hello}, also below {@code /anthropic}) with an empty 200. They carry no credential, so none is required. A browser at {@code GET /} receives a page.
 */
public final class HelloServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    /** Called by the container. */
    public HelloServlet() {}

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
}
