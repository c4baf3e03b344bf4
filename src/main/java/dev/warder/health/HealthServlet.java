package dev.warder.health;

import dev.warder.admin.AdminSettings;
import dev.warder.admin.GatewayMXBean;
import dev.warder.auth.AccessRule;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.TokenThrottle;
import dev.warder.credential.CredentialState;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.GatewayServlet;
import dev.warder.http.PresentedTokens;
import dev.warder.http.Readiness;
import dev.warder.http.RemoteAddress;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.record.RequestRecord;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Health in the format of MicroProfile Health 4.0: {@code /health}, {@code /health/live} and {@code /health/ready},
 * each with the alias that users of other gateways expect. If the node is not ready, the response is 503 with the
 * reason, by the name of its setting. A node that can respond is alive. While draining, {@code accepting} also reports
 * the number of open exchanges, so that operators know when nothing is left to wait for. Each managed credential has an
 * entry. Names of credentials and reasons that name no setting are only for some callers.
 */
public final class HealthServlet extends GatewayServlet<HealthServlet.Parts> {
    /** @param passthrough whether a node without a usable credential serves callers with their own */
    public record Parts(
            Readiness readiness,
            GatewayMXBean gateway,
            Supplier<List<CredentialState>> states,
            boolean passthrough,
            DetailRule details) {}

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var record = Attributes.get(request, RequestRecord.class);
        if (record.refuseMethod(request, response)) {
            return;
        }
        var checks = checks(record.call().target().path(), request);
        if (checks.isEmpty()) {
            record.refuse(request, response, ErrorReply.notFound());
            return;
        }
        boolean up = checks.stream().allMatch(Check::up);
        var list = JsonTree.newArray();
        checks.forEach(check -> list.add(check.json()));
        var document = JsonTree.newObject().add("status", status(up)).add("checks", list);
        byte[] body = JsonText.utf8(document.build().toString());
        record.respond(request, response, up ? 200 : 503, "application/json", body);
    }

    /** Empty for another path. */
    private List<Check> checks(String path, HttpServletRequest request) {
        return switch (path) {
            case "/health", "/health/ready", "/health/readiness" ->
                ready(parts().details.allows(request));
            case "/health/live", "/health/liveliness" -> List.of(Check.of("application", Optional.empty()));
            default -> List.of();
        };
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private List<Check> ready(boolean detailed) {
        var readiness = parts().readiness;
        var checks = new ArrayList<Check>();
        checks.add(Check.of("clients", readiness.missingClients()));
        checks.add(Check.of("upstream-credential", readiness.missingCredential()));
        for (var each : readiness.checks()) {
            var cause = each.cause().get();
            boolean down = cause.isPresent() && each.needed().getAsBoolean();
            checks.add(new Check(each.name(), !down, reason(cause.filter(why -> detailed))));
        }
        addCredentials(checks, detailed);
        if (readiness.draining()) {
            int open = parts().gateway.getOpenExchanges();
            checks.add(new Check(
                    "accepting", false, reason(Optional.of("draining")).add("openExchanges", open)));
        } else {
            checks.add(Check.of("accepting", Optional.empty()));
        }
        return checks;
    }

    /** @param detailed whether the entries show the credentials' names and why one is not usable */
    private void addCredentials(List<Check> checks, boolean detailed) {
        var all = parts().states.get();
        boolean up = parts().passthrough || !all.stream().allMatch(CredentialState::lost);
        int number = 1;
        for (var state : all) {
            String name = detailed ? state.name() : Integer.toString(number++);
            checks.add(new Check("credential-" + name, up, detailed ? data(state) : JsonTree.newObject()));
        }
    }

    private static JsonObjectBuilder reason(Optional<String> reason) {
        var data = JsonTree.newObject();
        reason.ifPresent(why -> data.add("reason", why));
        return data;
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
        static Check of(String name, Optional<String> problem) {
            return new Check(name, problem.isEmpty(), reason(problem));
        }

        JsonObject json() {
            var json = JsonTree.newObject().add("name", name).add("status", status(up));
            var built = data.build();
            return built.isEmpty() ? json.build() : json.add("data", built).build();
        }
    }

    /**
     * Who reads names, reasons and times: callers with an access token or {@code admin.token}, or everyone if {@code
     * health.details} is set. A wrong token counts as none, as does one that belongs to no client of the policy or may not be
     * used from the caller's network. Thread-safe.
     *
     * @param header the name of the dedicated field for access tokens
     */
    public record DetailRule(AdminSettings admin, TokenThrottle throttle, ClientDirectory clients, String header) {
        boolean allows(HttpServletRequest request) {
            if (admin.healthDetails()) {
                return true;
            }
            var presented = PresentedTokens.of(request, header);
            if (presented.contradictory()) {
                return false;
            }
            String from = RemoteAddress.of(request);
            return Stream.of(presented.dedicated(), presented.apiKey(), presented.bearer())
                            .flatMap(Optional::stream)
                            .anyMatch(token -> clients.authenticate(token)
                                    .flatMap(clients::inPolicy)
                                    .filter(client ->
                                            AccessRule.refusalFrom(from, client).isEmpty())
                                    .isPresent())
                    || presented
                            .bearer()
                            .filter(token -> isAdministrator(token, from))
                            .isPresent();
        }

        private boolean isAdministrator(String token, String from) {
            return admin.token()
                    .filter(each -> throttle.recognizes(each, token, from))
                    .isPresent();
        }
    }
}
