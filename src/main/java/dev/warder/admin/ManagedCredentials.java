package dev.warder.admin;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialState;
import dev.warder.oauth.CredentialControl;
import dev.warder.oauth.CredentialControl.ControlException;
import dev.warder.oauth.TimeText;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Every managed credential of this gateway, as its operator sees them. Thread-safe; no method waits.
 *
 * @param states the state of each, in the configured order
 * @param controls the controls of those that renew themselves
 * @param authorizeUrl the address of logins, if there are any
 */
public record ManagedCredentials(
        Supplier<List<CredentialState>> states, List<CredentialControl> controls, Optional<URI> authorizeUrl) {
    public ManagedCredentials {
        controls = List.copyOf(controls);
    }

    Optional<CredentialControl> control(String name) {
        return controls.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    Optional<CredentialControl> login() {
        return states.get().stream()
                .filter(ManagedCredentials::isLogin)
                .flatMap(state -> control(state.name()).stream())
                .findFirst();
    }

    /** All of them, each with the status from its store. Never fails: a view reports what could not be read. */
    CompletionStage<List<CredentialView>> views() {
        var futures = states.get().stream().map(this::view).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> new ArrayList<>(
                        futures.stream().map(CompletableFuture::join).toList()));
    }

    static String words(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof ControlException reported && reported.getMessage() != null
                ? reported.getMessage()
                : "It failed; the log has the reason.";
    }

    public static boolean isLogin(CredentialState state) {
        return state.kind() == CredentialSource.Kind.OAUTH;
    }

    private CompletableFuture<CredentialView> view(CredentialState state) {
        var control = control(state.name());
        if (control.isEmpty()) {
            return CompletableFuture.completedFuture(new CredentialView(state, Optional.empty(), Optional.empty()));
        }
        return control.get()
                .status()
                .handle((status, failure) -> failure == null
                        ? new CredentialView(state, Optional.of(status), Optional.empty())
                        : new CredentialView(state, Optional.empty(), Optional.of(words(failure))))
                .toCompletableFuture();
    }

    /**
     * One credential.
     *
     * @param status the status from its store, for a credential that renews itself
     * @param unread why that status is not known
     */
    public record CredentialView(
            CredentialState state, Optional<CredentialControl.Status> status, Optional<String> unread) {
        public boolean renews() {
            return status.isPresent() || unread.isPresent();
        }

        /** Why it is not usable: the pool's reason, or else that of its login. */
        Optional<String> cause() {
            return state.cause().or(() -> status.flatMap(CredentialControl.Status::outOfUse));
        }

        /** The sentences about its state. */
        public List<String> lines() {
            var lines = new ArrayList<String>();
            cause().ifPresent(lines::add);
            state.timeLeft().ifPresent(left -> lines.add("for another " + TimeText.of(left)));
            state.heldModels().forEach(held -> lines.add("not for " + held));
            unread.ifPresent(lines::add);
            return lines;
        }
    }
}
