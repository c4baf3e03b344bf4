package dev.warder.openai.chat;

import dev.warder.http.Sha256;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import java.util.Optional;

/** The members of a request that concern its user and its price. Thread-safe. */
public final class AccountMembers {
    private AccountMembers() {}

    /** What a client calls its user may be personal: only a hash of it is sent. */
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
