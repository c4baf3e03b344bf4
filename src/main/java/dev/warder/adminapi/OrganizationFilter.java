package dev.warder.adminapi;

import dev.warder.auth.Client;
import dev.warder.auth.Right;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.http.Readiness;
import dev.warder.http.Route;
import dev.warder.http.SmallBody;
import dev.warder.principal.PrincipalApi;
import dev.warder.record.RequestRecord;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Serves each {@link Resource} below {@code /v1/organizations} to callers whose access token has the right {@code admin:read}. For
 * them nothing else is below this path; requests of all other callers pass. It is a filter because the caller
 * decides, and a mapping knows only the path. Thread-safe.
 */
public final class OrganizationFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    public OrganizationFilter() {}

    @Override
    public void destroy() {
        Readiness.takeDown(getServletContext());
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var record = Attributes.get(request, RequestRecord.class);
        boolean served = record.call().route() == Route.ORGANIZATION
                && Attributes.get(request, Client.class).has(Right.ADMIN_READ);
        if (served) {
            serve(record, request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void serve(RequestRecord record, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var call = record.call();
        var limits = SpendLimitResource.at(call.target().path());
        if (limits.isPresent()) {
            var api = Attributes.find(getServletContext(), PrincipalApi.class);
            PolicyRequest.begin(record, limits.get(), api, request, response);
            return;
        }
        var resource = Resource.at(call.target().path());
        if (resource.isEmpty()) {
            record.refuse(request, response, ErrorReply.notFound());
        } else if (!call.method().equals("GET")) {
            record.refuse(request, response, ErrorReply.methodNotAllowed(List.of("GET")));
        } else if (SmallBody.isSent(request)) {
            record.refuse(request, response, ErrorReply.invalidRequest("This request must not have a body."));
        } else {
            get(resource.get(), new Resource.Exchange(getServletContext(), record, request, response));
        }
    }

    private static void get(Resource resource, Resource.Exchange exchange) throws IOException {
        try {
            resource.get(exchange, exchange.record().call().target().query().orElse(""));
        } catch (InvalidValueException refused) {
            exchange.refuse(ErrorReply.invalidRequest(refused.reason()));
        }
    }
}
