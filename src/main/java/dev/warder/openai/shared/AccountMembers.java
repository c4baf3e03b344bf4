package dev.warder.openai.shared;

import dev.warder.http.Sha256;
import java.util.Optional;

/**
 * The members of a request that concern its user and its price. Immutable.
 *
 * @param userId a hash of what the client calls its user, which may be personal
 * @param serviceTier the API's word for it
 */
public record AccountMembers(Optional<String> userId, Optional<String> serviceTier) {
    public static Optional<String> userId(Members top) throws RefusedException {
        var user = top.text("user").filter(name -> !name.isEmpty());
        var identifier = top.text("safety_identifier").filter(name -> !name.isEmpty());
        top.ignore(user.isPresent() || identifier.isEmpty() ? "safety_identifier" : "user");
        if (user.isEmpty()) {
            top.ignore("user");
        }
        return user.or(() -> identifier).map(Sha256::hex);
    }

    public static Optional<String> serviceTier(Members top) throws RefusedException {
        Optional<String> tier =
                switch (top.text("service_tier").orElse("")) {
                    case "auto" -> Optional.of("auto");
                    case "default" -> Optional.of("standard_only");
                    default -> Optional.empty();
                };
        if (tier.isEmpty()) {
            top.ignore("service_tier");
        }
        return tier;
    }
}
