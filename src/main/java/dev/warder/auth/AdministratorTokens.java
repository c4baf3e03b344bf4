package dev.warder.auth;

import dev.warder.config.Secret;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Admits callers by access tokens below {@code /admin/api}, where administrators need a right to it, and to the page of
 * a client. The same limits hold for such a token as for other requests: its client in the policy, its end, its networks and
 * paths. Thread-safe.
 */
public record AdministratorTokens(ClientDirectory directory) {
    private static final ErrorReply UNKNOWN =
            ErrorReply.challenge("The access token for this gateway is unknown, revoked or expired.");

    /** The outcome for a presented token. */
    public sealed interface Verdict {
        /** Admitted; {@link #refusalOf} decides what it may do. */
        record Admitted(Client client) implements Verdict {}

        /** Refused. */
        record Refused(ErrorReply reply) implements Verdict {}
    }

    public static boolean mayBeToken(String presented) {
        return AccessToken.parse(presented).isPresent();
    }

    public Optional<Verdict> check(String presented, Call call, String address) {
        if (!mayBeToken(presented)) {
            return Optional.empty();
        }
        return Optional.of(verdict(() -> directory.authenticate(presented), call, address));
    }

    public static Optional<String> id(String presented) {
        return AccessToken.parse(presented).map(AccessToken::id);
    }

    public Optional<Secret> sealKey(String id) {
        return directory.sealKey(id);
    }

    public Verdict checkAgain(String id, Call call, String address) {
        return verdict(() -> directory.ofToken(id), call, address);
    }

    private Verdict verdict(Supplier<Optional<Client>> token, Call call, String address) {
        var unread = directory.refusalIfUnread();
        var caller = unread.isPresent() ? Optional.<Client>empty() : token.get();
        if (caller.isEmpty()) {
            return new Verdict.Refused(unread.orElse(UNKNOWN));
        }
        // Before the policy is asked: a newer one may come into use between the two.
        var outdated = directory.refusalIfOutdated();
        var client = directory.inPolicy(caller.get());
        return outdated.or(() -> client.isEmpty()
                        ? Optional.of(AccessRule.notInPolicy(
                                caller.get()))
                        : Optional.empty())
                .or(() -> client.flatMap(known -> AccessRule.refusalFrom(address, known)))
                .or(() -> client.flatMap(known -> AccessRule.refusalOfPath(call, known)))
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Admitted(client.orElseThrow()));
    }

    /**
     * The refusal of a request that the token has no right to; empty if it has.
     *
     * @param changes whether the request changes something
     */
    public static Optional<ErrorReply> refusalOf(Client client, boolean changes) {
        var right = changes ? Right.ADMIN_WRITE : Right.ADMIN_READ;
        return client.has(right) ? Optional.empty() : Optional.of(client.refusalWithout(right));
    }
}
