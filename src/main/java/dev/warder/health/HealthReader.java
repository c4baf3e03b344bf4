package dev.warder.health;

import dev.warder.admin.AdminSettings;
import dev.warder.auth.ClientDirectory;
import dev.warder.auth.TokenThrottle;
import dev.warder.http.PresentedTokens;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides who reads names, reasons and times in health: callers with an access token or {@code admin.token}, or every
 * caller if {@code health.details} is set. A wrong token, and one that belongs to no client of the policy, count as none.
 * Thread-safe.
 *
 * @param dedicatedField the name of the dedicated field for access tokens
 */
record HealthReader(AdminSettings admin, String dedicatedField, ClientDirectory clients, TokenThrottle throttle) {
    boolean seesDetails(HttpServletRequest request) {
        return admin.healthDetails() || isKnown(PresentedTokens.of(request, dedicatedField));
    }

    private boolean isKnown(PresentedTokens presented) {
        if (presented.contradictory()) {
            return false;
        }
        return Stream.of(presented.dedicated(), presented.apiKey(), presented.bearer())
                        .flatMap(Optional::stream)
                        .anyMatch(token -> clients.authenticate(token)
                                .flatMap(clients::inPolicy)
                                .isPresent())
                || presented.bearer().filter(this::isAdministrator).isPresent();
    }

    private boolean isAdministrator(String token) {
        return admin.token().filter(each -> throttle.recognizes(each, token)).isPresent();
    }
}
