package dev.warder.auth;

import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import java.util.Optional;

/**
 * Admits administrators by access tokens with a right of administration, below {@code /admin/api}. What limits such a token for
 * other requests limits it here: its client in the policy, its end, its networks and paths. Thread-safe.
 */
public final class AdministratorTokens {
    private static final ErrorReply UNKNOWN =
            ErrorReply.challenge("The access token for this gateway is unknown, revoked or expired.");

    private final ClientDirectory directory;

    /** Creates it; {@code directory} knows the tokens. */
    public AdministratorTokens(ClientDirectory directory) {
        this.directory = directory;
    }

    /** The outcome for a presented token. */
    public sealed interface Verdict {
        /** It is admitted; {@link #refusalOf} decides what it may do. */
        record Admitted(Client client) implements Verdict {}

        /** It is refused. */
        record Refused(ErrorReply reply) implements Verdict {}
    }

    /** Whether a text has the form of an access token that Warder made. */
    public static boolean mayBeToken(String presented) {
        return AccessToken.parse(presented).isPresent();
    }

    /**
     * The outcome; empty if the text is no access token that Warder made.
     *
     * @param address the address of the caller
     */
    public Optional<Verdict> check(String presented, Call call, String address) {
        if (!mayBeToken(presented)) {
            return Optional.empty();
        }
        var unread = directory.refusalIfUnread();
        if (unread.isPresent()) {
            return unread.map(Verdict.Refused::new);
        }
        var caller = directory.authenticate(presented);
        if (caller.isEmpty()) {
            return Optional.of(new Verdict.Refused(UNKNOWN));
        }
        var outdated = directory.refusalIfOutdated();
        if (outdated.isPresent()) {
            return outdated.map(Verdict.Refused::new);
        }
        var client = directory.inPolicy(caller.get());
        if (client.isEmpty()) {
            return Optional.of(new Verdict.Refused(AccessRule.notInPolicy(caller.get())));
        }
        return Optional.of(AccessRule.refusalFrom(address, client.get())
                .or(() -> AccessRule.refusalOfPath(call, client.get()))
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Admitted(client.get())));
    }

    /**
     * The refusal of a request that the token has no right to; empty if it has.
     *
     * @param changes whether the request changes something
     */
    public static Optional<ErrorReply> refusalOf(Client client, boolean changes) {
        var right = changes ? Right.ADMIN_WRITE : Right.ADMIN_READ;
        return client.has(right)
                ? Optional.empty()
                : Optional.of(ErrorReply.forbidden("The access token named " + client.tokenName()
                        + " does not have the right " + right.word() + "."));
    }
}
