package dev.warder.credential;

import dev.warder.auth.Client;
import dev.warder.auth.OwnCredential;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.Readiness;
import dev.warder.http.SessionName;
import dev.warder.record.RequestRecord;
import dev.warder.record.UsedCredential;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which credential goes upstream and puts the {@link CredentialChoice} on the request. Refuses at once when the
 * caller brought no credential and may not use managed credentials on this path. Thread-safe.
 */
public final class CredentialResolutionFilter extends HttpFilter {

    /** Refusals by path come before those that need the body. */
    private static final int FORBIDDEN = 403;

    private @Nullable CredentialRule rule;

    public CredentialResolutionFilter() {}

    CredentialResolutionFilter(CredentialRule rule) {
        this.rule = rule;
    }

    @Override
    public void init() {
        var context = getServletContext();
        rule = new CredentialRule(
                Attributes.get(context, PassthroughSettings.class).allowed(),
                Attributes.get(context, CredentialPool.class));
    }

    @Override
    public void destroy() {
        Readiness.takeDown(getServletContext());
    }

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
        var resolution = Objects.requireNonNull(rule, "init has not run");
        return resolution.choose(
                Attributes.get(request, Client.class),
                Attributes.get(request, OwnCredential.class),
                call.managedAccess(),
                SessionName.of(call.route(), name -> Optional.ofNullable(request.getHeader(name))));
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
}
