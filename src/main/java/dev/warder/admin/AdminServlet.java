package dev.warder.admin;

import dev.warder.auth.TokenHash;
import dev.warder.config.Secret;
import dev.warder.config.WarderConfig;
import dev.warder.http.AccessLine;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.OwnAnswer;
import dev.warder.http.PresentedTokens;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What administrators do over HTTP, with {@code admin.token} as a bearer token (RFC 6750): {@code POST /admin/drain} starts
 * draining, as the MBean's operation does. Without that setting nothing is served here, and access tokens never help.
 * Clients' settings have no part in it, so that a node can be drained whatever state it is in.
 */
public final class AdminServlet extends HttpServlet {
    private static final long serialVersionUID = 1;
    private static final String DRAIN = "/admin/drain";

    /** Held, because the specification's shortcut looks for its provider in the class path each time. */
    private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    /** For the container. */
    public AdminServlet() {}

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var call = Attributes.get(request, Call.class);
        var token = Attributes.get(getServletContext(), WarderConfig.class).adminToken();
        var refusal = refusal(call, token, PresentedTokens.bearer(request));
        if (refusal.isPresent()) {
            call.refuse(request, response, refusal.get());
        } else {
            drain(call, request, response);
        }
    }

    /** Why this call is not carried out: 404 while the setting is missing, else 401, 404, 405. */
    static Optional<ErrorReply> refusal(Call call, Optional<Secret> token, Optional<String> presented) {
        if (token.isEmpty()) {
            return Optional.of(ErrorReply.notFound());
        }
        if (!presented.map(shown -> same(token.get(), shown)).orElse(false)) {
            return Optional.of(ErrorReply.challenge("This path needs the administrator's token as a bearer token."));
        }
        if (!call.target().path().equals(DRAIN)) {
            return Optional.of(ErrorReply.notFound());
        }
        var route = call.route();
        return route.serves(call.method())
                ? Optional.empty()
                : Optional.of(ErrorReply.methodNotAllowed(route.methods()));
    }

    /** Compares hashes, so that the time tells neither a length nor a common beginning. */
    private static boolean same(Secret token, String presented) {
        var hash = TokenHash.plain();
        return TokenHash.same(hash.hex(token.reveal()), hash.hex(presented));
    }

    private void drain(Call call, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var gateway = Attributes.get(getServletContext(), GatewayMXBean.class);
        gateway.drain();
        byte[] body = JSON.createObjectBuilder()
                .add("status", "draining")
                .add("openExchanges", gateway.getOpenExchanges())
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        response.setStatus(202);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(OwnAnswer.REQUEST_ID, call.id());
        response.setContentLength(body.length);
        call.line().status(202);
        call.line().end(AccessLine.End.OK, body.length);
        OwnAnswer.send(request, response, body);
    }
}
