package dev.warder.auth;

import dev.warder.auth.IssuedTokens.IssuedToken;
import dev.warder.config.ConfigException;
import dev.warder.config.FileWatch;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.policy.LivePolicy;
import dev.warder.policy.Policy;
import jakarta.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the client of an access token: the shared token of {@code clients.token}, and the hashed tokens of {@code
 * clients.file} and of the database. All may change while it is in use. A token that is in both places, because it was
 * imported, is that of the database, so that it can be revoked there. Thread-safe.
 */
public final class ClientDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(ClientDirectory.class);
    private static final ClientFile NO_FILE = new ClientFile(Map.of());
    private static final ErrorReply UNKNOWN =
            ErrorReply.challenge("The access token for this gateway is unknown, revoked or expired.");

    private static final String NO_HASH = "0".repeat(64);
    private static final int MOST_NAMED = 20;

    /** Seconds; other nodes may serve the request at once. */
    private static final int RETRY_AFTER = 5;

    private final Optional<Secret> shared;
    private final Supplier<ClientFile> file;
    private final TokenHash hash;
    private final Optional<LivePolicy> policy;
    private final IssuedTokens issued;
    private final InstantSource clock;
    private final TokenThrottle guesses = new TokenThrottle(System::nanoTime, Setting.CLIENTS_TOKEN.publicName());

    private ClientDirectory(
            ClientSettings clients,
            Supplier<ClientFile> file,
            Optional<LivePolicy> policy,
            IssuedTokens issued,
            InstantSource clock) {
        this.shared = clients.token();
        this.file = file;
        this.hash = new TokenHash(clients.pepper());
        this.policy = policy;
        this.issued = issued;
        this.clock = clock;
    }

    /**
     * Reads {@code clients.file}, if it is set, and registers it with {@code watch} for changes.
     *
     * @param policy the policy that each client needs an entry in; empty if there is none
     * @param issued the tokens of the database
     * @param clock the clock for the expiry of tokens
     * @throws ConfigException when the file cannot be used
     */
    public static ClientDirectory of(
            ClientSettings clients,
            Optional<LivePolicy> policy,
            IssuedTokens issued,
            FileWatch watch,
            InstantSource clock) {
        Supplier<ClientFile> file = () -> NO_FILE;
        String setting = Setting.CLIENTS_FILE.publicName();
        if (clients.file().isPresent()) {
            try {
                file = watch.watch(setting, clients.file().get(), ClientFile::parse)::current;
            } catch (InvalidValueException unusable) {
                throw new ConfigException(List.of(setting + ": " + unusable.reason()));
            }
        }
        return new ClientDirectory(clients, file, policy, issued, clock);
    }

    /** The client of a presented token. The response time reveals neither how much of it was right nor whether its id exists. */
    public Optional<Client> authenticate(String presented) {
        Optional<Client> named = AccessToken.parse(presented).flatMap(this::named);
        return isShared(presented) ? Optional.of(Client.SHARED) : named;
    }

    private Optional<Client> named(AccessToken token) {
        // An unknown id costs the same work: nothing has a hash that equals the constant.
        String expected = issued.hash(token.id())
                .or(() -> line(token.id()).map(ClientLine::hash))
                .orElse(NO_HASH);
        return TokenHash.same(hash.hex(token.reveal()), expected) ? ofToken(token.id()) : Optional.empty();
    }

    private boolean isShared(String presented) {
        if (shared.isEmpty() || !comparesShared()) {
            return false;
        }
        boolean same = TokenThrottle.same(shared.get(), presented);
        if (!same && AccessToken.parse(presented).isEmpty()) {
            guesses.addWrong();
        }
        return same;
    }

    private boolean comparesShared() {
        return shared.isEmpty() || guesses.comparesShared(shared.get());
    }

    private Optional<Client> ofToken(String id) {
        return line(id).filter(this::isCurrent)
                .map(ClientLine::client)
                .or(() -> issued.find(id).filter(this::isCurrent).map(IssuedToken::caller));
    }

    /** The line of a token that the database does not have too. */
    private Optional<ClientLine> line(String id) {
        return issued.has(id) ? Optional.empty() : file.get().find(id);
    }

    private boolean isCurrent(IssuedToken token) {
        boolean expired = token.expiredAt(clock.instant());
        if (expired) {
            LOG.info("the access token {} of {} has expired", token.name(), token.client());
        }
        return !expired;
    }

    private boolean isCurrent(ClientLine line) {
        boolean expired = line.expiredAt(clock.instant());
        if (expired) {
            LOG.info(
                    "clients.file: the access token of {} has expired",
                    line.client().name());
        }
        return !expired;
    }

    /** The outcome for a caller of {@link #admit}. */
    public sealed interface Verdict {
        /** Admitted; its rights decide what it may do. */
        record Admitted(Client client) implements Verdict {}

        /** Refused. */
        record Refused(ErrorReply reply) implements Verdict {}
    }

    /**
     * Admits a caller by an access token below {@code /admin/api}, and to the page of a client. The same limits hold for the
     * token as for other requests: its client in the policy, its end, its networks and paths.
     *
     * @return empty where the token is none that Warder made
     */
    public Optional<Verdict> admit(String presented, Call call, String address) {
        return AccessToken.parse(presented).map(token -> verdict(() -> authenticate(presented), call, address));
    }

    /** As {@link #admit}, for the id of a token that was presented before. */
    public Verdict admitAgain(String id, Call call, String address) {
        return verdict(() -> ofToken(id), call, address);
    }

    private Verdict verdict(Supplier<Optional<Client>> token, Call call, String address) {
        var unread = refusalIfUnread();
        var caller = unread.isPresent() ? Optional.<Client>empty() : token.get();
        if (caller.isEmpty()) {
            return new Verdict.Refused(unread.orElse(UNKNOWN));
        }
        // Before the policy is asked: a newer one may come into use between the two.
        var outdated = refusalIfOutdated();
        var client = inPolicy(caller.get());
        return outdated.or(
                        () -> client.isEmpty() ? Optional.of(AccessRule.notInPolicy(caller.get())) : Optional.empty())
                .or(() -> client.flatMap(known -> AccessRule.refusalFrom(address, known)))
                .or(() -> client.flatMap(known -> AccessRule.refusalOfPath(call, known)))
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Admitted(client.orElseThrow()));
    }

    ErrorReply refusalOfUnknown() {
        return comparesShared() ? UNKNOWN : ErrorReply.rateLimited("Too many wrong access tokens were presented.", 1);
    }

    /**
     * The caller with its entry in the policy that is in use now; empty if the policy has none. Without a policy, the
     * caller as it is.
     */
    public Optional<Client> inPolicy(Client client) {
        if (policy.isEmpty()) {
            return Optional.of(client);
        }
        var current = policy.get().current();
        return client.issued()
                .map(token ->
                        current.entryOfClient(token.client(), token.terms().tags()))
                .orElseGet(() -> current.entry(client.tokenName()))
                .map(client::with);
    }

    /**
     * The refusal of all callers until the tokens of the database were read: one of them would look like an unknown one. Empty
     * otherwise. Never waits.
     */
    public Optional<ErrorReply> refusalIfUnread() {
        return policy.filter(LivePolicy::awaitsDatabase).isPresent()
                ? Optional.of(
                        ErrorReply.overloaded("This gateway node has not read its clients from the database yet.", 1))
                : Optional.empty();
    }

    /**
     * The refusal of new requests while another node uses a newer version of the policy, or the same one with other
     * contents: clients may be removed there that are still in this one. A node that has just started does not know yet
     * whether this is so. Empty otherwise. Never waits.
     */
    public Optional<ErrorReply> refusalIfOutdated() {
        var unread = refusalIfUnread();
        if (unread.isPresent()) {
            return unread;
        }
        if (policy.filter(LivePolicy::awaitsComparison).isPresent()) {
            return Optional.of(ErrorReply.overloaded(
                    "This gateway node has not compared its policy with that of other nodes yet.", 1));
        }
        boolean outdated =
                policy.filter(live -> live.supersededBy().isPresent()).isPresent();
        return outdated
                ? Optional.of(ErrorReply.overloaded("The policy of this gateway node is out of date.", RETRY_AFTER))
                : Optional.empty();
    }

    /**
     * The refusal of a request whose client was removed from the policy after the request was admitted, or whose token
     * was revoked or belongs to another client now, in the policy in use or in the newer one of another node; empty if neither is so.
     * Never waits.
     *
     * @param admitted the caller as the request was admitted
     */
    public Optional<ErrorReply> refusalIfRemoved(Client admitted) {
        if (isRevoked(admitted) || isRemovedElsewhere(admitted)) {
            return Optional.of(AccessRule.removed(admitted));
        }
        if (hasCurrentEntry(admitted)) {
            return Optional.empty();
        }
        boolean remains =
                now(admitted).filter(now -> now.name().equals(admitted.name())).isPresent();
        return remains ? Optional.empty() : Optional.of(AccessRule.removed(admitted));
    }

    /**
     * The refusal of a request that the policy in use does not permit, although it was admitted; empty if it is still
     * permitted. Never waits.
     *
     * @param admitted the caller as the request was admitted
     * @param model the model that is asked upstream; empty if it is not known
     */
    public Optional<ErrorReply> refusalNow(Call call, Client admitted, Optional<String> model) {
        var outdated = refusalIfOutdated();
        if (outdated.isPresent() || hasCurrentEntry(admitted)) {
            return isRevoked(admitted) ? Optional.of(AccessRule.removed(admitted)) : outdated;
        }
        return now(admitted)
                .map(now -> AccessRule.refusalNow(call, admitted, now, model))
                .orElseGet(() -> Optional.of(AccessRule.removed(admitted)));
    }

    private Optional<Client> now(Client admitted) {
        return admitted.issued().isEmpty()
                ? inPolicy(admitted)
                : admitted.issued()
                        .flatMap(token -> issued.find(token.id()))
                        .map(IssuedToken::caller)
                        .flatMap(this::inPolicy);
    }

    private boolean isRevoked(Client admitted) {
        return admitted.issued()
                .filter(token -> issued.find(token.id()).isEmpty())
                .isPresent();
    }

    private boolean isRemovedElsewhere(Client admitted) {
        return admitted.principal().isPresent()
                && policy.filter(live -> live.isRemovedElsewhere(admitted.tokenName(), admitted.name()))
                        .isPresent();
    }

    /** Whether the policy is that by which the caller was admitted; so it is without a policy. */
    private boolean hasCurrentEntry(Client admitted) {
        return policy.isEmpty()
                || admitted.entry()
                        .map(entry -> entry.version() == policy.get().current().version())
                        .orElse(false);
    }

    /**
     * The warning for the start with managed credentials, about the lines of {@code clients.file} whose clients can no
     * longer use batches and files. Earlier versions required no right for these. Empty when there is no such line.
     */
    public Optional<String> workspaceWarning() {
        List<String> names = file.get().namesWithoutWorkspace();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                Setting.CLIENTS_FILE.publicName() + ": without the right workspace, these clients may no longer"
                        + " use managed credentials for batches, files and other paths that are not inference: "
                        + shown(names)
                        + ". Add rights=passthrough,managed,workspace to the lines that need them, once all nodes run"
                        + " this version.");
    }

    /** At most twenty of the names, for a message. */
    static String shown(List<String> names) {
        String more = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
        return String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED))) + more;
    }

    public int names() {
        return policy.map(live -> live.current().principals().size())
                .orElseGet(() -> file.get().lines().size());
    }

    ClientFile file() {
        return file.get();
    }

    /** The names of the tokens in {@code clients.file} that are in use, since the database does not have them too. */
    List<String> tokenNamesOfFile() {
        return file.get().lines().stream()
                .filter(line -> !issued.has(line.id()))
                .map(line -> line.client().tokenName())
                .toList();
    }

    public boolean isInFile(String name, String id) {
        return file.get().lines().stream()
                .anyMatch(line ->
                        line.id().equals(id) || line.client().tokenName().equalsIgnoreCase(name));
    }

    /** The terms of the token of this name in {@code clients.file}, as the database would have them; empty if there is none. */
    public Optional<JsonObject> termsInFile(String name) {
        return file.get().lines().stream()
                .filter(line -> line.client().tokenName().equals(name))
                .findFirst()
                .map(ClientLine::terms);
    }

    public TokenHash hash() {
        return hash;
    }

    Optional<Policy> policy() {
        return policy.map(LivePolicy::current);
    }

    boolean hasSharedToken() {
        return shared.isPresent();
    }

    /** The stored hash of the token with this public id, if the database has it: all nodes have the same, and no caller guesses it. */
    public Optional<Secret> sealKey(String id) {
        return issued.hash(id).map(Secret::of);
    }
}
