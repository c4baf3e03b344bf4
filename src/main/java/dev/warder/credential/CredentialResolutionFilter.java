package dev.warder.credential;

import dev.warder.auth.Client;
import dev.warder.auth.OwnCredential;
import dev.warder.auth.Right;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.Call.ManagedAccess;
import dev.warder.http.ErrorReply;
import dev.warder.http.GatewayFilter;
import dev.warder.record.RequestRecord;
import dev.warder.record.UsedCredential;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/**
 * Decides which credential goes upstream and puts the {@link CredentialChoice} on the request. Refuses at once when the
 * caller brought no credential and may not use managed credentials on this path. Thread-safe.
 */
public final class CredentialResolutionFilter extends GatewayFilter<CredentialResolutionFilter.CredentialRule> {

    /** Refusals by path come before those that need the body. */
    private static final int FORBIDDEN = 403;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var call = Attributes.get(request, Call.class);
        if (call.route().endsHere(call.method())) {
            chain.doFilter(request, response);
            return;
        }
        var choice = choose(request, call);
        var record = Attributes.get(request, RequestRecord.class);
        note(choice, record);
        if (choice instanceof CredentialChoice.Refused refused
                && refused.reply().status() == FORBIDDEN) {
            record.refuse(request, response, refused.reply());
            return;
        }
        Attributes.put(request, CredentialChoice.class, choice);
        chain.doFilter(request, response);
    }

    private CredentialChoice choose(HttpServletRequest request, Call call) {
        return parts().choose(
                        Attributes.get(request, Client.class),
                        Attributes.get(request, OwnCredential.class),
                        call.managedAccess(),
                        call.route().session(name -> Optional.ofNullable(request.getHeader(name))));
    }

    private static void note(CredentialChoice choice, RequestRecord record) {
        if (choice instanceof CredentialChoice.Passthrough own) {
            record.credential(UsedCredential.ofClient(own.credential().kind()));
            record.uses("[Passthrough] Using client " + word(own.credential()));
        }
    }

    private static String word(UpstreamCredential credential) {
        return credential instanceof UpstreamCredential.ApiKey ? "API key" : "bearer token";
    }

    /**
     * Decides which credential goes upstream. The caller's own is used if {@code passthrough} and the caller's rights allow
     * it. Otherwise the pool's are used if those rights allow that, and otherwise none. Thread-safe.
     */
    public record CredentialRule(boolean passthrough, CredentialPool pool) {
        /**
         * Decides about one request.
         *
         * @param access the path's requirement for a client without its own credential
         * @param session the client's name for the conversation that the request belongs to
         */
        CredentialChoice choose(Client client, OwnCredential brought, ManagedAccess access, Optional<String> session) {
            var own = own(client, brought);
            if (own.isPresent()) {
                return new CredentialChoice.Passthrough(own.get());
            }
            var forbidden = forbidden(client, access);
            if (forbidden.isPresent()) {
                return forbidden.get();
            }
            return client.has(Right.MANAGED) && !pool.isEmpty()
                    ? new CredentialChoice.Managed(pool.candidates(client, session))
                    : new CredentialChoice.Refused(refusal(client));
        }

        /** Refuses where managed credentials are not allowed at all, or not allowed to this client. */
        private Optional<CredentialChoice> forbidden(Client client, ManagedAccess access) {
            boolean managed = client.has(Right.MANAGED) && !pool.isEmpty();
            return switch (access) {
                case SHARED -> Optional.empty();
                case WORKSPACE ->
                    managed && !client.has(Right.WORKSPACE)
                            ? refused(
                                    "This path requires the caller's own credential, or an access token with the right"
                                            + " workspace. Without it, managed credentials are only for messages, count_tokens,"
                                            + " chat completions, responses and reading models.")
                            : Optional.empty();
                case NEVER ->
                    refused(
                            "This path requires the caller's own credential, and the request has none that may be used.");
            };
        }

        private static Optional<CredentialChoice> refused(String message) {
            return Optional.of(new CredentialChoice.Refused(ErrorReply.forbidden(message)));
        }

        private Optional<UpstreamCredential> own(Client client, OwnCredential brought) {
            if (!passthrough || !client.has(Right.PASSTHROUGH)) {
                return Optional.empty();
            }
            var bearer = brought.bearer().map(UpstreamCredential::ofBearerField);
            var key = brought.apiKey().map(UpstreamCredential::ofApiKeyField);
            boolean loginBehindKey =
                    bearer.filter(UpstreamCredential.ApiKey.class::isInstance).isPresent()
                            && key.filter(UpstreamCredential.BearerToken.class::isInstance)
                                    .isPresent();
            return loginBehindKey || bearer.isEmpty() ? key : bearer;
        }

        private ErrorReply refusal(Client client) {
            if (!pool.isEmpty()) {
                return ErrorReply.unauthenticated("No credential for the upstream: this "
                        + (client.certified() ? "client certificate" : "access token")
                        + " may not use those of upstream.credentials, and the request has none that may be used.");
            }
            return passthrough
                    ? ErrorReply.unauthenticated(
                            "No credential for the upstream: the request has none that may be used,"
                                    + " and upstream.credentials is not set.")
                    : ErrorReply.notConfigured(
                            "The gateway is not configured: upstream.credentials is not set and passthrough is off.");
        }
    }
}
