package dev.warder.auth;

import dev.warder.auth.IssuedTokens.IssuedToken;
import dev.warder.config.ModelPattern;
import dev.warder.http.Caller;
import dev.warder.http.ErrorReply;
import dev.warder.policy.Policy;
import dev.warder.policy.Principal;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A caller that was admitted.
 *
 * @param tokenName the name of its access token; not secret
 * @param rights the token's rights concerning the credential that goes upstream
 * @param models the models for which the token may be used; empty for all
 * @param entry what the policy states about it; empty without a policy
 * @param issued its token, if that is one of the database
 * @param certified whether it was admitted by a client certificate, which {@code tokenName} stands for
 */
public record Client(
        String tokenName,
        Set<Right> rights,
        List<ModelPattern> models,
        Optional<Policy.Entry> entry,
        Optional<IssuedToken> issued,
        boolean certified)
        implements Caller {
    public static final Client SHARED = unlimited("shared");

    public static final Client OPEN = unlimited("open");

    /** Warder itself, for its own questions to an upstream. */
    public static final Client GATEWAY = unlimited("warder");

    public static final String ADMINISTRATOR = "admin.token";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    public Client {
        if (tokenName.isEmpty()) {
            throw new IllegalArgumentException("a client needs a name");
        }
        rights = Set.copyOf(rights);
        models = List.copyOf(models);
    }

    public Client(String tokenName, Set<Right> rights, List<ModelPattern> models) {
        this(tokenName, rights, models, Optional.empty(), Optional.empty(), false);
    }

    /**
     * Its name in logs, metrics and the ledger, by which its share of the gateway is measured: that of its client in
     * the policy, otherwise that of its token.
     */
    public String name() {
        return principal().map(Principal::name).orElse(tokenName);
    }

    public Optional<Principal> principal() {
        return entry.map(Policy.Entry::principal);
    }

    public Optional<String> team() {
        return entry.flatMap(Policy.Entry::payer).map(Policy.Team::name);
    }

    /** Names what it was admitted by, for messages; not secret. */
    String proof() {
        return (certified ? "client certificate of " : "access token named ") + tokenName;
    }

    /**
     * Its name in the audit: that of its token, and for a token of the database its id too, since another token may get the name
     * later.
     */
    public String auditName() {
        return issued.map(token -> tokenName + " (token " + token.id() + ")").orElse(tokenName);
    }

    Client with(Policy.Entry found) {
        return new Client(tokenName, rights, models, Optional.of(found), issued, certified);
    }

    /**
     * Whether a client may have this name in {@code clients.file}: 1 to 64 letters, digits and {@code . _ @ -}, the
     * first a letter or digit, and not the name of {@link #SHARED}, {@link #OPEN} or {@link #ADMINISTRATOR}.
     */
    public static boolean mayBeNamed(String name) {
        return NAME.matcher(name).matches() && !isReserved(name) && !name.equalsIgnoreCase(ADMINISTRATOR);
    }

    /**
     * Whether several callers may have this name, who cannot be distinguished: by the shared token, or by open access.
     */
    public boolean isAnyone() {
        return isReserved(tokenName)
                || principal()
                        .map(each -> each.tokenNames().stream().anyMatch(Client::isReserved))
                        .orElse(false);
    }

    public boolean has(Right right) {
        return rights.contains(right) || right == Right.ADMIN_READ && rights.contains(Right.ADMIN_WRITE);
    }

    /** The refusal of a request that needs a right which it does not have. */
    public ErrorReply refusalWithout(Right right) {
        return ErrorReply.forbidden("The " + proof() + " does not have the right " + right.word() + ".");
    }

    boolean lacksWorkspace() {
        return has(Right.MANAGED) && !has(Right.WORKSPACE) && !restricted();
    }

    public boolean restricted() {
        return !models.isEmpty() && !models.contains(ModelPattern.ANY)
                || principal().map(Principal::isLimitedToModels).orElse(false);
    }

    /** Whether it may use {@code model}: its token and the policy must permit it. */
    public boolean mayUse(String model) {
        return (models.isEmpty() || models.stream().anyMatch(pattern -> pattern.matches(model)))
                && principal().map(each -> each.mayUseModel(model)).orElse(true);
    }

    boolean hasModelsOf(Client other) {
        return models.equals(other.models)
                && principal().isPresent()
                && other.principal().isPresent()
                && principal().get().hasModelsOf(other.principal().get());
    }

    /** The refusal of a request that names a model which it may not use: the same on each path and in each dialect. */
    public ErrorReply refusalOfModel() {
        return ErrorReply.forbidden("The client " + name() + " may not use a model that this request names.");
    }

    /** Which models lists show to it; empty for all. Without a policy, lists show also those that it may not use. */
    public Optional<Predicate<String>> listed() {
        return entry.isPresent() && restricted() ? Optional.of(this::mayUse) : Optional.empty();
    }

    boolean mayUsePath(String path) {
        return (entry.isEmpty() || entry.get().principal().mayUsePath(path))
                && (issued.isEmpty() || issued.get().terms().access().permitsPath(path));
    }

    private static boolean isReserved(String name) {
        return name.equals(SHARED.tokenName) || name.equals(OPEN.tokenName);
    }

    @Override
    public String toString() {
        return "Client[" + name() + "]";
    }

    private static Client unlimited(String name) {
        return new Client(name, EnumSet.of(Right.PASSTHROUGH, Right.MANAGED, Right.WORKSPACE, Right.WEB), List.of());
    }
}
