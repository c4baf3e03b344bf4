package dev.warder.standalone;

import dev.warder.admin.TimeText;
import dev.warder.oauth.CredentialStatus;
import java.time.Instant;

/** How a managed credential stands, in lines for a terminal. The token is shown masked only. */
final class StatusText {
    private StatusText() {}

    static String of(CredentialStatus status, Instant now) {
        var text = new StringBuilder();
        line(text, "credential", status.name() + " (" + status.kind() + ")");
        line(text, "state", status.outOfUse().map(why -> "not usable: " + why).orElse("usable"));
        line(text, "kept in", status.place());
        status.account().ifPresent(account -> line(text, "account", account));
        if (!status.scopes().isEmpty()) {
            line(text, "scopes", String.join(" ", status.scopes()));
        }
        line(text, "token", status.maskedToken().orElse("none"));
        status.expiry().ifPresent(expiry -> line(text, "expires", TimeText.around(expiry, now)));
        status.lastRefresh().ifPresent(time -> line(text, "last refresh", TimeText.around(time, now)));
        status.lastError().ifPresent(error -> line(text, "last error", error));
        return text.toString();
    }

    /** A token endpoint's words must not become a terminal's commands. */
    private static void line(StringBuilder text, String name, String value) {
        text.append("%-13s %s%n".formatted(name + ":", value.replaceAll("\\p{C}", "?")));
    }
}
