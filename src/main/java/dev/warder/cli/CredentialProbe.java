package dev.warder.cli;

import dev.warder.credential.CredentialSource;
import dev.warder.credential.CredentialUnavailableException;
import dev.warder.credential.UpstreamCredential;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.upstream.UpstreamSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the upstream whether it accepts a managed credential, with {@code GET /v1/models?limit=1}, which is free of charge. One
 * thread at a time.
 */
final class CredentialProbe {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final URI models;
    private final String version;
    private final HttpClient client;

    CredentialProbe(UpstreamSettings upstream, Duration connectTimeout) {
        models = URI.create(upstream.url().toString().replaceFirst("/+$", "") + "/v1/models?limit=1");
        version = upstream.version();
        client = AdminConnection.client(connectTimeout);
    }

    /** Why a request with this credential would fail, without a secret; empty when the upstream accepts it. */
    Optional<String> problem(CredentialSource source) {
        try {
            int status = status(source.current().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            return status / 100 == 2 ? Optional.empty() : Optional.of(words(status));
        } catch (ExecutionException failed) {
            return Optional.of(words(failed.getCause()));
        } catch (TimeoutException late) {
            return Optional.of("no token was obtained within " + LIMIT.toSeconds() + " s");
        } catch (IOException unreachable) {
            return Optional.of("the upstream was not reached ("
                    + unreachable.getClass().getSimpleName() + "), so it is unknown whether the credential works");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Optional.of("the request was interrupted");
        }
    }

    private int status(UpstreamCredential credential) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(models).timeout(LIMIT);
        credential
                .addTo(List.of(new Field(Fields.ANTHROPIC_VERSION, version)))
                .forEach(field -> request.header(field.name(), field.value()));
        return client.send(request.build(), BodyHandlers.discarding()).statusCode();
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
