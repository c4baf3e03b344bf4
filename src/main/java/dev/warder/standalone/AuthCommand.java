package dev.warder.standalone;

import dev.warder.admin.AuthorizationAnswer;
import dev.warder.admin.AuthorizationRequest;
import dev.warder.oauth.ControlException;
import dev.warder.oauth.CredentialControl;
import dev.warder.oauth.CredentialStatus;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The command {@code auth}: logs a managed credential in or out, renews it, or shows how it stands. One thread at a time. */
final class AuthCommand {
    private static final int GOOD = 0;
    private static final int FAILED = 1;
    private static final long PATIENCE_SECONDS = 60;

    private final Console console;
    private final List<CredentialControl> controls;
    private final InstantSource clock;

    AuthCommand(Console console, List<CredentialControl> controls, InstantSource clock) {
        this.console = console;
        this.controls = controls;
        this.clock = clock;
    }

    /**
     * Does what is asked for; the result is the exit code: 0, or 1 when it failed or the credential is of no use.
     *
     * @throws UsageException when it does not say which credential is meant
     */
    int run(Command.Auth asked) throws UsageException {
        boolean good = true;
        for (var control : meant(asked)) {
            good &= did(asked.action(), control);
        }
        return good ? GOOD : FAILED;
    }

    /** Showing all hurts nobody; for everything else one must be meant. */
    private List<CredentialControl> meant(Command.Auth asked) throws UsageException {
        var found = controls.stream()
                .filter(each -> asked.name().map(each.name()::equals).orElse(true))
                .toList();
        String names = controls.stream().map(CredentialControl::name).collect(Collectors.joining(", "));
        if (found.isEmpty()) {
            throw new UsageException("auth: there is no such credential that renews itself; there is: " + names);
        }
        if (found.size() > 1 && asked.action() != Command.Auth.Action.STATUS) {
            throw new UsageException("auth: say which credential is meant: " + names);
        }
        return found;
    }

    private boolean did(Command.Auth.Action action, CredentialControl control) {
        try {
            var status = outcome(
                    switch (action) {
                        case LOGIN -> login(control);
                        case STATUS -> control.status();
                        case REFRESH -> control.refresh();
                        case LOGOUT -> control.logout();
                    });
            console.out().print(StatusText.of(status, clock.instant()));
            return action == Command.Auth.Action.LOGOUT
                    || StatusText.obstacle(status).isEmpty();
        } catch (ControlException failed) {
            console.err().println("warder: " + control.name() + ": " + failed.getMessage());
            return false;
        }
    }

    private CompletionStage<CredentialStatus> login(CredentialControl control) throws ControlException {
        URI url = control.beginLogin();
        var request = AuthorizationRequest.of(url);
        console.out().println("Open this address in a browser and log in:\n\n  " + url + "\n");
        AuthorizationAnswer answer = new RedirectWait(console).answer(request);
        if (answer.problem().isPresent()) {
            throw new ControlException(answer.problem().get());
        }
        if (!answer.state().equals(request.state())) {
            throw new ControlException("what came back belongs to another login (state); begin again");
        }
        return control.finishLogin(answer.code(), answer.state());
    }

    private static CredentialStatus outcome(CompletionStage<CredentialStatus> stage) throws ControlException {
        try {
            return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ControlException told) {
                throw told;
            }
            throw new IllegalStateException("a managed credential failed", failed.getCause());
        } catch (TimeoutException late) {
            throw new ControlException("there was no answer within " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ControlException("it was broken off");
        }
    }
}
