package dev.warder.health;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.GatewayMXBean;
import dev.warder.admin.ManagedCredentials;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.ClientSettings;
import dev.warder.auth.TokenThrottle;
import dev.warder.credential.CredentialState;
import dev.warder.credential.ManagedSettings;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnResponse;
import dev.warder.http.PresentedTokens;
import dev.warder.http.Readiness;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.record.RequestEnd;
import dev.warder.record.RequestRecord;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Health in the format of MicroProfile Health 4.0: {@code /health}, {@code /health/live} and {@code /health/ready},
 * each with the alias that users of other gateways expect. If the node is not ready, the response is 503 with the
 * reason, by the name of its setting. A node that can respond is alive. While draining, {@code accepting} also reports
 * the number of open exchanges, so that operators know when nothing is left to wait for. Each managed credential has an
 * entry. Names of credentials and reasons that name no setting are only for some callers.
 */
public final class HealthServlet extends HttpServlet {
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        if (record.refuseMethod(request, response)) {
            return;
        }
        var call = record.call();
        var readiness = Attributes.get(getServletContext(), Readiness.class);
        var checks = checks(call.target().path(), readiness, request);
        if (checks.isEmpty()) {
            record.refuse(request, response, ErrorReply.notFound());
            return;
        }
        boolean up = checks.stream().allMatch(Check::up);
        byte[] body = JsonText.utf8(document(up, checks).toString());
        int status = up ? 200 : 503;
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(OwnResponse.REQUEST_ID, call.id());
        response.setContentLength(body.length);
        record.end(RequestEnd.OK, status, body.length);
        OwnResponse.send(request, response, body);
    }

    /** Empty for another path. */
    private List<Check> checks(String path, Readiness readiness, HttpServletRequest request) {
        return switch (path) {
            case "/health", "/health/ready", "/health/readiness" -> ready(readiness, seesDetails(request));
            case "/health/live", "/health/liveliness" -> List.of(Check.of("application"));
            default -> List.of();
        };
    }

    private static JsonObject document(boolean up, List<Check> checks) {
        var list = JsonTree.newArray();
        checks.forEach(check -> list.add(check.json()));
        return JsonTree.newObject()
                .add("status", status(up))
                .add("checks", list)
                .build();
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private List<Check> ready(Readiness readiness, boolean details) {
        var checks = new ArrayList<Check>();
        var clients = readiness.missingClients();
        checks.add(check("clients", clients.isEmpty(), clients));
        var credential = readiness.missingCredential();
        checks.add(check("upstream-credential", credential.isEmpty(), credential));
        readiness.checks().forEach(each -> checks.add(other(each, details)));
        var states = Attributes.get(getServletContext(), ManagedCredentials.class)
                .states()
                .get();
        boolean passthrough =
                Attributes.get(getServletContext(), ManagedSettings.class).passthrough();
        checks.addAll(credentials(states, passthrough, details));
        checks.add(readiness.draining() ? draining() : Check.of("accepting"));
        return checks;
    }

    private Check draining() {
        int open = Attributes.get(getServletContext(), GatewayMXBean.class).getOpenExchanges();
        return new Check("accepting", false, reason("draining").add("openExchanges", open));
    }

    private static Check other(Readiness.Check each, boolean details) {
        var cause = each.cause().get();
        boolean down = cause.isPresent() && each.needed().getAsBoolean();
        return check(each.name(), !down, cause.filter(why -> details));
    }

    private static Check check(String name, boolean up, Optional<String> reason) {
        return new Check(name, up, reason.map(HealthServlet::reason).orElseGet(JsonTree::newObject));
    }

    /**
     * One entry for each.
     *
     * @param passthrough whether callers' own credentials are used
     * @param details whether the entries show the credentials' names and why one is not usable
     */
    private static List<Check> credentials(List<CredentialState> states, boolean passthrough, boolean details) {
        boolean up = passthrough || !states.stream().allMatch(CredentialState::lost);
        var checks = new ArrayList<Check>();
        for (var state : states) {
            String name = details ? state.name() : Integer.toString(checks.size() + 1);
            checks.add(new Check("credential-" + name, up, details ? data(state) : JsonTree.newObject()));
        }
        return checks;
    }

    private static JsonObjectBuilder reason(String reason) {
        return JsonTree.newObject().add("reason", reason);
    }

    private static JsonObjectBuilder data(CredentialState state) {
        var data = JsonTree.newObject();
        if (!state.usable()) {
            data.add("usable", false).add("reason", state.cause().orElse("It is out of use."));
            state.timeLeft().ifPresent(left -> data.add("retryAfterSeconds", left.toSeconds()));
        }
        if (!state.heldModels().isEmpty()) {
            data.add(
                    "heldModels",
                    state.heldModels().stream()
                            .map(CredentialState.HeldModel::toString)
                            .collect(Collectors.joining(", ")));
        }
        return data;
    }

    /** One check. Its data are texts, numbers and booleans, because MicroProfile Health allows no arrays. */
    private record Check(String name, boolean up, JsonObjectBuilder data) {
        static Check of(String name) {
            return new Check(name, true, JsonTree.newObject());
        }

        JsonObject json() {
            var json = JsonTree.newObject().add("name", name).add("status", status(up));
            var built = data.build();
            return built.isEmpty() ? json.build() : json.add("data", built).build();
        }
    }

    /**
     * Whether the caller reads names, reasons and times: with an access token or {@code admin.token}, or everyone if {@code
     * health.details} is set. A wrong token, and one that belongs to no client of the policy, count as none.
     */
    private boolean seesDetails(HttpServletRequest request) {
        var application = getServletContext();
        var admin = Attributes.get(application, AdminSettings.class);
        if (admin.healthDetails()) {
            return true;
        }
        var clients = Attributes.get(application, ClientDirectory.class);
        var presented = PresentedTokens.of(
                request, Attributes.get(application, ClientSettings.class).header());
        if (presented.contradictory()) {
            return false;
        }
        return Stream.of(presented.dedicated(), presented.apiKey(), presented.bearer())
                        .flatMap(Optional::stream)
                        .anyMatch(token -> clients.authenticate(token)
                                .flatMap(clients::inPolicy)
                                .isPresent())
                || presented
                        .bearer()
                        .filter(token -> isAdministrator(admin, token))
                        .isPresent();
    }

    private boolean isAdministrator(AdminSettings admin, String token) {
        var throttle = Attributes.get(getServletContext(), TokenThrottle.class);
        return admin.token().filter(each -> throttle.recognizes(each, token)).isPresent();
    }
}
