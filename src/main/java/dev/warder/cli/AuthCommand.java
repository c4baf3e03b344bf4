package dev.warder.cli;

import dev.warder.GatewaySettings;
import dev.warder.auth.Client;
import dev.warder.cli.CommandLine.UsageException;
import dev.warder.credential.CredentialSource;
import dev.warder.exchange.tries.AnthropicApi;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.oauth.AuthorizationResponse;
import dev.warder.oauth.CredentialControl;
import dev.warder.oauth.CredentialControl.ControlException;
import dev.warder.oauth.TimeText;
import dev.warder.oauth.TokenSources;
import dev.warder.upstream.CompleteResponse.NoResponseException;
import dev.warder.upstream.ServiceClient;
import dev.warder.upstream.UpstreamSettings;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code auth}: logs a managed credential in or out, renews it, shows its status, or asks the upstream whether it
 * accepts the credential. One thread at a time.
 */
record AuthCommand(Console console, Controls credentials, CredentialProbe probe, InstantSource clock) {
    private static final long LIMIT_SECONDS = 60;

    /**
     * Runs the action and returns the exit code: 0, or 1 when the action failed or the credential is not usable.
     *
     * @throws UsageException when the command line does not identify the credential
     */
    int run(Command.Auth asked) throws UsageException {
        boolean good =
                switch (asked.action()) {
                    case VALIDATE -> validated(asked);
                    case STATUS -> shown(asked);
                    default -> did(asked.action(), meant(asked));
                };
        return good ? 0 : 1;
    }

    private boolean validated(Command.Auth asked) throws UsageException {
        var found = named(asked, credentials.sources(), CredentialSource::name);
        requireAny(asked, !found.isEmpty());
        boolean good = true;
        for (var source : found) {
            var problem = probe.problem(source);
            show(source, "upstream", problem.map(why -> "failed: " + why).orElse("accepted"));
            good &= problem.isEmpty();
        }
        return good;
    }

    private boolean shown(Command.Auth asked) throws UsageException {
        var renewing = named(asked, credentials.all(), CredentialControl::name);
        var fixed = named(asked, credentials.fixed(), CredentialSource::name);
        requireAny(asked, !renewing.isEmpty() || !fixed.isEmpty());
        boolean good = true;
        for (var control : renewing) {
            good &= did(asked.action(), control);
        }
        // Only the upstream knows whether a credential works that the operator set.
        fixed.forEach(source -> show(source, "state", "configured"));
        return good;
    }

    private static <T> List<T> named(Command.Auth asked, List<T> all, Function<T, String> name) {
        return all.stream()
                .filter(each -> asked.name().map(name.apply(each)::equals).orElse(true))
                .toList();
    }

    private void requireAny(Command.Auth asked, boolean found) throws UsageException {
        if (!found) {
            var names = Stream.concat(
                            credentials.all().stream().map(CredentialControl::name),
                            credentials.sources().stream().map(CredentialSource::name))
                    .distinct();
            throw new UsageException("auth: there is no such credential as "
                    + asked.name().orElse("any") + "; there is: " + names.collect(Collectors.joining(", ")));
        }
    }

    private CredentialControl meant(Command.Auth asked) throws UsageException {
        var controls = credentials.all();
        var found = named(asked, controls, CredentialControl::name);
        String names = controls.stream().map(CredentialControl::name).collect(Collectors.joining(", "));
        if (found.isEmpty()) {
            throw new UsageException("auth: there is no such credential that renews itself; there is: "
                    + (names.isEmpty() ? "none" : names));
        }
        if (found.size() > 1) {
            throw new UsageException("auth: name one of these credentials: " + names);
        }
        return found.get(0);
    }

    private boolean did(Command.Auth.Action action, CredentialControl control) {
        try {
            var status = outcome(
                    switch (action) {
                        case LOGIN -> login(control);
                        case STATUS, VALIDATE -> control.status();
                        case REFRESH -> control.refresh();
                        case LOGOUT -> control.logout();
                    });
            show(status, clock.instant());
            return action == Command.Auth.Action.LOGOUT || obstacle(status).isEmpty();
        } catch (ControlException failed) {
            console.err().println("warder: " + control.name() + ": " + failed.getMessage());
            return false;
        }
    }

    private CompletionStage<CredentialControl.Status> login(CredentialControl control) throws ControlException {
        var request = control.beginLogin();
        console.out().println("Open this address in a browser and log in:\n\n  " + request.url() + "\n");
        AuthorizationResponse response = new RedirectWait(console).response(request);
        if (response.problem().isPresent()) {
            throw new ControlException(response.problem().get());
        }
        if (!response.state().equals(request.state())) {
            throw new ControlException("the response belongs to another login (state); begin again");
        }
        return control.finishLogin(response.code(), response.state());
    }

    private static CredentialControl.Status outcome(CompletionStage<CredentialControl.Status> stage)
            throws ControlException {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ControlException reported) {
                throw reported;
            }
            throw new IllegalStateException("a managed credential failed", failed.getCause());
        } catch (TimeoutException late) {
            throw new ControlException("no response within " + LIMIT_SECONDS + " s");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ControlException("it was broken off");
        }
    }

    private void show(CredentialControl.Status status, Instant now) {
        line("credential", status.name() + " (" + status.kind() + ")");
        line("state", obstacle(status).map(why -> "not usable: " + why).orElseGet(() -> good(status)));
        line("kept in", status.place());
        status.account().ifPresent(account -> line("account", account));
        if (!status.scopes().isEmpty()) {
            line("scopes", String.join(" ", status.scopes()));
        }
        line("token", status.maskedToken().orElse(hasToken(status) ? "too short to be shown" : "none"));
        status.expiry().ifPresent(expiry -> line("expires", TimeText.around(expiry, now)));
        status.lastRefresh().ifPresent(time -> line("last refresh", TimeText.around(time, now)));
        status.lastError().ifPresent(error -> line("last error", error));
    }

    private void show(CredentialSource source, String name, String value) {
        line("credential", source.name() + " (" + source.kind().word() + ")");
        line(name, value);
    }

    /** Why it is not usable, as far as that is known without a renewal; this includes a store that cannot be read. */
    private static Optional<String> obstacle(CredentialControl.Status status) {
        return status.outOfUse().or(() -> hasToken(status) ? Optional.empty() : status.lastError());
    }

    private static String good(CredentialControl.Status status) {
        return hasToken(status) ? "usable" : "no token yet; one is obtained when it is needed";
    }

    private static boolean hasToken(CredentialControl.Status status) {
        return status.expiry().isPresent();
    }

    /** Prints a line. The text of a token endpoint must not contain control characters of a terminal. */
    private void line(String name, String value) {
        console.out().print("%-13s %s%n".formatted(name + ":", value.replaceAll("\\p{C}", "?")));
    }

    /**
     * The managed credentials, opened for one command. A gateway that uses the same credentials may be running.
     *
     * @param all the controls of those that renew themselves, in the order of the configuration
     * @param sources every managed credential, including those that do not renew themselves
     * @param end closes the sources
     */
    record Controls(List<CredentialControl> all, List<CredentialSource> sources, Runnable end)
            implements AutoCloseable {
        Controls {
            all = List.copyOf(all);
            sources = List.copyOf(sources);
        }

        /**
         * Opens the credentials of this configuration. None is renewed before that is requested.
         *
         * @throws UsageException when there is none, or when its store cannot be opened from the command line
         */
        static Controls open(GatewaySettings settings) throws UsageException {
            if (settings.keepsLoginInDatabase()) {
                throw new UsageException("oauth.store: jdbc keeps the login in the database of a running gateway;"
                        + " use the page /admin/credentials of the running gateway");
            }
            var credentials = settings.managed().credentials();
            var resources = new TokenSources.Resources(
                    settings.upstream().outbound(),
                    Controls::daemon,
                    InstantSource.system(),
                    System::nanoTime,
                    new SecureRandom());
            var sources =
                    TokenSources.of(credentials, settings.oauth(), settings.federation(), Optional.empty(), resources);
            if (credentials.isEmpty()) {
                sources.close();
                throw new UsageException("auth: upstream.credentials has no credential that renews itself");
            }
            var all = credentials.stream().map(sources::source).toList();
            return new Controls(sources.controls(), all, sources::close);
        }

        List<CredentialSource> fixed() {
            return sources.stream().filter(each -> !each.renewable()).toList();
        }

        static Thread daemon(Runnable task) {
            var thread = new Thread(task, "warder-auth");
            thread.setDaemon(true);
            return thread;
        }

        @Override
        public void close() {
            end.run();
        }
    }

    /**
     * Asks the upstream whether it accepts a managed credential, with {@code GET /v1/models?limit=1}, which is free of charge. One
     * thread at a time.
     */
    static final class CredentialProbe implements AutoCloseable {
        private static final Duration LIMIT = Duration.ofSeconds(30);

        private final URI models;
        private final String version;
        private final ServiceClient client;

        /** @param connect for a connection, and again for its TLS handshake */
        CredentialProbe(UpstreamSettings upstream, Duration connect) {
            models = URI.create(upstream.url().toString().replaceFirst("/+$", "") + "/v1/models?limit=1");
            version = upstream.version();
            client = new ServiceClient(
                    upstream.outbound(), Controls::daemon, LIMIT, Integer.MAX_VALUE, connect, Duration.ZERO);
        }

        /** Why a request with this credential would fail, without a secret; empty when the upstream accepts it. */
        Optional<String> problem(CredentialSource source) {
            try {
                var credential =
                        source.current(Client.GATEWAY).toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                var fields =
                        AnthropicApi.withCredential(List.of(new Field(Fields.ANTHROPIC_VERSION, version)), credential)
                                .stream()
                                .collect(Collectors.toMap(Field::name, Field::value));
                var outcome = client.get(models, fields);
                if (outcome.status() == 0) {
                    return Optional.of("the upstream was not reached ("
                            + outcome.cause().map(NoResponseException::words).orElse(outcome.failure())
                            + "), so it is unknown whether the credential works");
                }
                return outcome.status() / 100 == 2 ? Optional.empty() : Optional.of(words(outcome.status()));
            } catch (ExecutionException failed) {
                return Optional.of(words(failed.getCause()));
            } catch (TimeoutException late) {
                return Optional.of("no token was obtained within " + LIMIT.toSeconds() + " s");
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return Optional.of("the request was interrupted");
            }
        }

        @Override
        public void close() {
            client.release();
        }

        private static String words(int status) {
            String returned = "the upstream returned " + status;
            return switch (status) {
                case 401 -> returned + ": it does not accept the credential";
                case 403 -> returned + ": the credential may not do this";
                default -> returned + ", so it is unknown whether the credential works";
            };
        }

        private static String words(@Nullable Throwable cause) {
            return cause instanceof CredentialSource.UnavailableException && cause.getMessage() != null
                    ? cause.getMessage()
                    : "no token was obtained";
        }
    }
}
