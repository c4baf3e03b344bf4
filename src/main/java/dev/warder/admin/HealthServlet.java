package dev.warder.admin;

import dev.warder.auth.ClientDirectory;
import dev.warder.config.WarderConfig;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnAnswer;
import dev.warder.http.Readiness;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Health in the form of MicroProfile Health 4.0: {@code /health}, {@code /health/live} and {@code /health/ready}, each with
 * the alias that other gateways taught their users. Not ready is 503 with the reason by the name of its setting; alive is
 * whatever can answer. While draining {@code accepting} also tells how many exchanges are open, so that whoever stops the
 * node knows when nothing is left to wait for. Each managed credential has an entry, see {@link CredentialCheck}. Their
 * names and the reasons that name no setting are for the callers that {@link HealthReader} knows.
 */
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    /** Held, because the specification's shortcut looks for its provider in the class path each time. */
    private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    /** For the container. */
    public HealthServlet() {}

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        var call = record.call();
        if (!call.route().serves(call.method())) {
            record.refuse(
                    request, response, ErrorReply.methodNotAllowed(call.route().methods()));
            return;
        }
        var readiness = Attributes.get(getServletContext(), Readiness.class);
        var document = document(call.target().path(), readiness, request);
        if (document.isEmpty()) {
            record.refuse(request, response, ErrorReply.notFound());
            return;
        }
        byte[] body = document.get().toString().getBytes(StandardCharsets.UTF_8);
        int status = document.get().getString("status").equals("UP") ? 200 : 503;
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(OwnAnswer.REQUEST_ID, call.id());
        response.setContentLength(body.length);
        record.end(RequestEnd.OK, status, body.length);
        OwnAnswer.send(request, response, body);
    }

    private Optional<JsonObject> document(String path, Readiness readiness, HttpServletRequest request) {
        return switch (path) {
            case "/health", "/health/ready", "/health/readiness" ->
                Optional.of(checks(ready(readiness, reader().seesDetails(request))));
            case "/health/live", "/health/liveliness" ->
                Optional.of(checks(List.of(check("application", Optional.empty()))));
            default -> Optional.empty();
        };
    }

    private HealthReader reader() {
        return new HealthReader(
                Attributes.get(getServletContext(), AdminSettings.class),
                Attributes.get(getServletContext(), WarderConfig.class)
                        .clients()
                        .header(),
                Attributes.get(getServletContext(), ClientDirectory.class),
                Attributes.get(getServletContext(), TokenThrottle.class));
    }

    private List<JsonObject> ready(Readiness readiness, boolean details) {
        var checks = new ArrayList<JsonObject>();
        checks.add(check("clients", readiness.missingClients()));
        checks.add(check("upstream-credential", readiness.missingCredential()));
        readiness.checks().forEach(each -> checks.add(other(each, details)));
        var states = Attributes.get(getServletContext(), ManagedCredentials.class)
                .states()
                .get();
        boolean passthrough =
                Attributes.get(getServletContext(), WarderConfig.class).passthrough();
        checks.addAll(CredentialCheck.of(states, passthrough, details));
        checks.add(readiness.draining() ? draining() : check("accepting", Optional.empty()));
        return checks;
    }

    private JsonObject draining() {
        int open = Attributes.get(getServletContext(), GatewayMXBean.class).getOpenExchanges();
        var data = JSON.createObjectBuilder().add("reason", "draining").add("openExchanges", open);
        return JSON.createObjectBuilder()
                .add("name", "accepting")
                .add("status", "DOWN")
                .add("data", data)
                .build();
    }

    private static JsonObject checks(List<JsonObject> checks) {
        boolean up = checks.stream().allMatch(check -> check.getString("status").equals("UP"));
        var array = JSON.createArrayBuilder();
        checks.forEach(array::add);
        return JSON.createObjectBuilder()
                .add("status", up ? "UP" : "DOWN")
                .add("checks", array)
                .build();
    }

    private static JsonObject other(Readiness.Check each, boolean details) {
        var cause = each.cause().get();
        boolean down = cause.isPresent() && each.needed().getAsBoolean();
        return check(each.name(), down, cause.filter(why -> details));
    }

    private static JsonObject check(String name, Optional<String> reason) {
        return check(name, reason.isPresent(), reason);
    }

    private static JsonObject check(String name, boolean down, Optional<String> reason) {
        var check = JSON.createObjectBuilder().add("name", name).add("status", down ? "DOWN" : "UP");
        reason.ifPresent(text -> check.add("data", JSON.createObjectBuilder().add("reason", text)));
        return check.build();
    }
}
