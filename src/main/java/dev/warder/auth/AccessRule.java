package dev.warder.auth;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a client may use, as far as the head of a request shows it. The models that a body names are checked later. Each refusal
 * is 403.
 */
final class AccessRule {
    private static final String ONE_MODEL = "/v1/models/";

    private AccessRule() {}

    /** The refusal of a caller that the policy has no client for. A token's name is not secret. */
    static ErrorReply notInPolicy(Client client) {
        return ErrorReply.forbidden("The access token named " + client.tokenName()
                + " belongs to no client of this gateway's policy. Ask the operator of the gateway.");
    }

    /** The reason to refuse this client's request; empty if its path may be used. */
    static Optional<ErrorReply> refusal(Call call, Client client) {
        return byPath(call, client).or(() -> byModels(call, client)).or(() -> byOneModel(call, client));
    }

    private static Optional<ErrorReply> byPath(Call call, Client client) {
        boolean permitted = client.mayUsePath(call.target().path()) || client.mayUsePath(call.askedPath());
        return permitted
                ? Optional.empty()
                : Optional.of(ErrorReply.forbidden("The client " + client.name() + " may not use this path."));
    }

    /**
     * Only a collected body shows its model. The lists of models reveal nothing that needs protection, and telemetry runs no
     * model.
     */
    private static Optional<ErrorReply> byModels(Call call, Client client) {
        boolean harmless =
                call.route() == Route.MODELS || call.route() == Route.CHAT_MODELS || call.route() == Route.TELEMETRY;
        return harmless || call.route().isCollected() || !client.restricted()
                ? Optional.empty()
                : Optional.of(ErrorReply.forbidden("This access token is limited to some models and may not use this"
                        + " path, where the model cannot be checked."));
    }

    /** In OpenAI's dialect the name may be an alias, which is known later. */
    private static Optional<ErrorReply> byOneModel(Call call, Client client) {
        String path = call.target().path();
        if (call.route() != Route.MODELS || !path.startsWith(ONE_MODEL)) {
            return Optional.empty();
        }
        // A plus is no blank in a path.
        String coded = path.substring(ONE_MODEL.length()).replace("+", "%2B");
        String model = URLDecoder.decode(coded, StandardCharsets.UTF_8);
        return client.listed().map(may -> may.test(model)).orElse(true)
                ? Optional.empty()
                : Optional.of(ErrorReply.forbidden("The client " + client.name() + " may not use this model."));
    }
}
