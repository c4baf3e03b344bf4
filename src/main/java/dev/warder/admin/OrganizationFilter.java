package dev.warder.admin;

import dev.warder.auth.Client;
import dev.warder.auth.Right;
import dev.warder.http.Attributes;
import dev.warder.http.GatewayFilter;
import dev.warder.http.Route;
import dev.warder.record.RequestRecord;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Serves what is below {@code /v1/organizations} to callers whose access token has the right {@code admin:read}. For
 * them nothing else is below this path; requests of all other callers pass. It is a filter because the caller
 * decides, and a mapping knows only the path. Thread-safe.
 */
public final class OrganizationFilter extends GatewayFilter<AdminContext> {
    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var record = Attributes.get(request, RequestRecord.class);
        boolean served = record.call().route() == Route.ORGANIZATION
                && Attributes.get(request, Client.class).has(Right.ADMIN_READ);
        if (!served) {
            chain.doFilter(request, response);
            return;
        }
        AdminServlet.serve(parts(), record, request, response);
    }
}
