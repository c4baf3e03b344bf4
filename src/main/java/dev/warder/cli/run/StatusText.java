package dev.warder.cli.run;

import dev.warder.credential.source.CredentialSource;
import dev.warder.oauth.TimeText;
import dev.warder.oauth.renewal.CredentialStatus;
import java.time.Instant;
import java.util.Optional;

/** The status of a managed credential, in lines for a terminal. The token is masked. */
final class StatusText {
    private StatusText() {}

    static String of(CredentialStatus status, Instant now) {
        var text = new StringBuilder();
        line(text, "credential", status.name() + " (" + status.kind() + ")");
        line(text, "state", obstacle(status).map(why -> "not usable: " + why).orElseGet(() -> good(status)));
        line(text, "kept in", status.place());
        status.account().ifPresent(account -> line(text, "account", account));
        if (!status.scopes().isEmpty()) {
            line(text, "scopes", String.join(" ", status.scopes()));
        }
        line(text, "token", status.maskedToken().orElse(hasToken(status) ? "too short to be shown" : "none"));
        status.expiry().ifPresent(expiry -> line(text, "expires", TimeText.around(expiry, now)));
        status.lastRefresh().ifPresent(time -> line(text, "last refresh", TimeText.around(time, now)));
        status.lastError().ifPresent(error -> line(text, "last error", error));
        return text.toString();
    }

    /** A credential that the operator set. Only the upstream knows whether it works. */
    static String configured(CredentialSource source) {
        var text = new StringBuilder();
        line(text, "credential", source.name() + " (" + source.kind().word() + ")");
        line(text, "state", "configured");
        return text.toString();
    }

    /** The upstream's verdict on a credential. */
    static String validated(CredentialSource source, Optional<String> problem) {
        var text = new StringBuilder();
        line(text, "credential", source.name() + " (" + source.kind().word() + ")");
        line(text, "upstream", problem.map(why -> "failed: " + why).orElse("accepted"));
        return text.toString();
    }

    /** Why it is not usable, as far as that is known without a renewal; this includes a store that cannot be read. */
    static Optional<String> obstacle(CredentialStatus status) {
        return status.outOfUse().or(() -> hasToken(status) ? Optional.empty() : status.lastError());
    }

    private static String good(CredentialStatus status) {
        return hasToken(status) ? "usable" : "no token yet; one is obtained when it is needed";
    }

    private static boolean hasToken(CredentialStatus status) {
        return status.expiry().isPresent();
    }

    /** Adds a line. The text of a token endpoint must not contain control characters of a terminal. */
    private static void line(StringBuilder text, String name, String value) {
        text.append("%-13s %s%n".formatted(name + ":", value.replaceAll("\\p{C}", "?")));
    }
}
