package dev.warder.exchange.tries;

import dev.warder.auth.Inquiry;
import dev.warder.credential.UpstreamCredential;
import dev.warder.credential.UpstreamCredential.ApiKey;
import dev.warder.credential.UpstreamCredential.BearerToken;
import dev.warder.exchange.up.Upload.Outgoing;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.upstream.CompleteResponse;
import dev.warder.upstream.UpstreamClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The API itself, which serves every request. Thread-safe.
 *
 * @param url its path is put before each path
 * @param version the {@code anthropic-version} for a client that sent none
 */
public record AnthropicApi(URI url, String version, UpstreamClient.Sender sender) implements Provider {
    /** The API requires it of a request with an OAuth token. */
    private static final String OAUTH_BETA = "oauth-2025-04-20";

    @Override
    public Optional<ErrorReply> refusal(Inquiry request) {
        return Optional.empty();
    }

    @Override
    public boolean listsModels() {
        return true;
    }

    @Override
    public CompletableFuture<CompleteResponse> models(UpstreamCredential credential, String query, int limit) {
        var fields = List.of(
                new Field("Accept", "application/json"),
                new Field("Accept-Encoding", "identity"),
                new Field("User-Agent", "Warder"),
                new Field(Fields.ANTHROPIC_VERSION, version));
        String target = url.getRawPath() + "/v1/models?" + query;
        return CompleteResponse.get(sender, target, withCredential(fields, credential), limit);
    }

    @Override
    public Rendered render(Outgoing what, List<Field> fields, UpstreamCredential credential) {
        var head = what.head()
                .message(sender.host(), url.getRawPath() + what.head().path(), withCredential(fields, credential));
        if (!head.containsHeader(Fields.ANTHROPIC_VERSION)) {
            head.addHeader(Fields.ANTHROPIC_VERSION, version);
        }
        return new Rendered(sender, head, what.body(), UnaryOperator.identity());
    }

    /**
     * The fields of a request, which has no credential yet, with this one. Several lines of {@code anthropic-beta} become one, and the
     * OAuth beta is appended if the credential needs it. All other fields keep their places.
     */
    public static List<Field> withCredential(List<Field> upward, UpstreamCredential credential) {
        var fields = new ArrayList<Field>(upward.size() + 1);
        int betas = 0;
        for (var field : upward) {
            fields.add(field);
            betas += isBeta(field) ? 1 : 0;
        }
        boolean oauth = false;
        if (credential instanceof BearerToken token) {
            fields.add(new Field(Fields.AUTHORIZATION, "Bearer " + token.value()));
            oauth = token.oauth();
        } else if (credential instanceof ApiKey key) {
            fields.add(new Field(Fields.API_KEY, key.value()));
        } else {
            throw new IllegalArgumentException(
                    "the API has no field for a credential of the kind " + credential.kind());
        }
        return oauth || betas > 1 ? withBetas(fields, oauth) : fields;
    }

    /**
     * The fields with one line of betas, in the place of the first: the client's lines in their order, and what a credential needs.
     */
    private static List<Field> withBetas(List<Field> fields, boolean oauth) {
        String sent = fields.stream()
                .filter(AnthropicApi::isBeta)
                .map(Field::value)
                .filter(value -> !value.isBlank())
                .collect(Collectors.joining(","));
        boolean complete =
                !oauth || Arrays.stream(sent.split(",")).map(String::strip).anyMatch(OAUTH_BETA::equals);
        String value = complete ? sent : sent.isEmpty() ? OAUTH_BETA : sent + "," + OAUTH_BETA;
        int place = 0;
        while (place < fields.size() && !isBeta(fields.get(place))) {
            place++;
        }
        String name = place < fields.size() ? fields.get(place).name() : Fields.ANTHROPIC_BETA;
        fields.removeIf(AnthropicApi::isBeta);
        fields.add(place, new Field(name, value));
        return fields;
    }

    private static boolean isBeta(Field field) {
        return field.name().equalsIgnoreCase(Fields.ANTHROPIC_BETA);
    }
}
