package dev.warder.cli;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialUnavailableException;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.upstream.NoResponseException;
import dev.warder.upstream.ServiceClient;
import dev.warder.upstream.UpstreamSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the upstream whether it accepts a managed credential, with {@code GET /v1/models?limit=1}, which is free of charge. One
 * thread at a time.
 */
final class CredentialProbe implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final URI models;
    private final String version;
    private final ServiceClient client;

    /** @param connect for a connection, and again for its TLS handshake */
    CredentialProbe(UpstreamSettings upstream, Duration connect) {
        models = URI.create(upstream.url().toString().replaceFirst("/+$", "") + "/v1/models?limit=1");
        version = upstream.version();
        client = new ServiceClient(
                upstream.outbound(), AuthCommand.Controls::daemon, LIMIT, Integer.MAX_VALUE, connect, Duration.ZERO);
    }

    /** Why a request with this credential would fail, without a secret; empty when the upstream accepts it. */
    Optional<String> problem(CredentialSource source) {
        try {
            var credential = source.current().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            var fields = credential.addTo(List.of(new Field(Fields.ANTHROPIC_VERSION, version))).stream()
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
        return cause instanceof CredentialUnavailableException && cause.getMessage() != null
                ? cause.getMessage()
                : "no token was obtained";
    }
}
