package dev.warder.auth;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Route;
import java.util.Optional;

/**
 * The check of a client's rights that the head of a request permits. A model that a path or a body names may be an alias,
 * so it is checked later. Each refusal is 403.
 */
public final class AccessRule {
    private AccessRule() {}

    /** The refusal of a caller that the policy has no client for. */
    static ErrorReply notInPolicy(Client client) {
        String caller = client.tokenName().equals(Client.OPEN.tokenName())
                ? "This gateway's policy has no client for callers without an access token."
                : "The " + client.proof() + " belongs to no client of this gateway's policy.";
        return ErrorReply.forbidden(caller + " Ask the operator of the gateway.");
    }

    /** The reason to refuse this client's request; empty if its path may be used. */
    static Optional<ErrorReply> refusal(Call call, Client client) {
        var ofPath = refusalOfPath(call, client);
        return ofPath.isPresent() ? ofPath : byModels(call, client);
    }

    /** The refusal of a token that may not be used from the caller's address; empty if it may. */
    public static Optional<ErrorReply> refusalFrom(String address, Client client) {
        return client.issued().isPresent() && !client.issued().get().mayBeUsedFrom(address)
                ? Optional.of(ErrorReply.forbidden("The " + client.proof()
                        + " may not be used from this network. Ask the operator of the gateway."))
                : Optional.empty();
    }

    /**
     * The refusal of a request whose token has lost its client, or belongs to another one, after the request was
     * admitted.
     */
    static ErrorReply removed(Client admitted) {
        return ErrorReply.forbidden("This request no longer belongs to the client " + admitted.name()
                + " of this gateway's policy. Ask the operator of the gateway.");
    }

    /**
     * The reason to refuse a request that was admitted by an earlier version of the policy; empty if it is still
     * permitted.
     *
     * @param admitted the caller in the earlier version
     * @param now the same caller in the version in use
     * @param model the model that is asked upstream; empty if it is not known
     */
    static Optional<ErrorReply> refusalNow(Call call, Client admitted, Client now, Optional<String> model) {
        if (!now.name().equals(admitted.name())) {
            return Optional.of(removed(admitted));
        }
        return refusal(call, now)
                .or(() -> model.filter(name -> !now.mayUse(name)).map(name -> now.refusalOfModel()))
                .or(() -> byOtherModels(call, admitted, now));
    }

    private static Optional<ErrorReply> byOtherModels(Call call, Client admitted, Client now) {
        boolean isChecked = !call.route().isCollected() || !now.restricted() || now.hasModelsOf(admitted);
        return isChecked
                ? Optional.empty()
                : Optional.of(ErrorReply.overloaded(
                        "The models of the client " + now.name() + " changed while this request was under way."
                                + " Send it again.",
                        1));
    }

    /** The refusal of a path that the client or its token may not use; empty if both may. */
    static Optional<ErrorReply> refusalOfPath(Call call, Client client) {
        boolean permitted = client.mayUsePath(call.askedPath())
                || client.mayUsePath(call.target().path());
        return permitted
                ? Optional.empty()
                : Optional.of(ErrorReply.forbidden("The client " + client.name() + " may not use this path."));
    }

    /**
     * Only a collected body shows its model. The lists of models reveal nothing that needs protection, and telemetry
     * and what Warder itself reports of an organization run no model.
     */
    private static Optional<ErrorReply> byModels(Call call, Client client) {
        boolean harmless = call.route() == Route.MODELS
                || call.route() == Route.CHAT_MODELS
                || call.route() == Route.TELEMETRY
                || call.route() == Route.ORGANIZATION && client.has(Right.ADMIN_READ);
        return harmless || call.route().isCollected() || !client.restricted()
                ? Optional.empty()
                : Optional.of(ErrorReply.forbidden("The client " + client.name() + " is limited to some models and may"
                        + " not use this path, where the model cannot be checked."));
    }
}
