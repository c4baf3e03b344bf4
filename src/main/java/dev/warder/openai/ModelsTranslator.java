package dev.warder.openai;

import dev.warder.auth.Client;
import dev.warder.body.Chunks;
import dev.warder.edit.ModelCatalog;
import dev.warder.http.ErrorReply;
import dev.warder.http.RequestTarget;
import dev.warder.stream.Translation;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Translates requests for one model, or for all of them, and returns them in OpenAI's shape. One thread at a time. */
final class ModelsTranslator implements Translation {
    private static final String MODELS = "/v1/models";

    private final Optional<String> id;
    private final ServedModels served;
    private final Client client;
    private final Optional<Predicate<String>> listed;
    private final Reply.Context context;

    private ModelsTranslator(Optional<String> id, ServedModels served, Client client, Reply.Context context) {
        this.id = id;
        this.served = served;
        this.client = client;
        this.listed = client.listed();
        this.context = context;
    }

    /**
     * The translation of {@code GET} at {@code target}, whose path ends {@code /v1/models} or {@code /v1/models/{id}}.
     *
     * @param client the caller, who sees only the models that it may use
     */
    static ModelsTranslator of(RequestTarget target, ServedModels served, Client client, Reply.Context context) {
        String path = target.path();
        String below = path.substring(path.indexOf(MODELS) + MODELS.length());
        // In a path, + is not a space.
        Optional<String> id = below.isEmpty()
                ? Optional.empty()
                : Optional.of(URLDecoder.decode(below.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        return new ModelsTranslator(id, served, client, context);
    }

    @Override
    public Outcome translate(Chunks none) {
        if (id.isEmpty()) {
            return ask("?" + ModelCatalog.QUERY, body -> ChatModels.list(body, served.aliases(), this::isListedAs));
        }
        String name = id.get();
        return served.chatRequest()
                .upstreamModel(name)
                .map(model -> isListed(model)
                        ? ask("/" + segment(model), body -> ChatModels.one(name, body))
                        : new Outcome.Refused(client.refusalOfModel()))
                .orElseGet(() -> new Outcome.Refused(ErrorReply.modelNotFound("The model does not exist here.")));
    }

    private boolean isListed(String model) {
        return listed.map(each -> each.test(model)).orElse(true);
    }

    private boolean isListedAs(String name) {
        return listed.isEmpty()
                || served.chatRequest().upstreamModel(name).filter(listed.get()).isPresent();
    }

    private Outcome ask(String below, Function<byte[], Optional<byte[]>> response) {
        return new Outcome.Translated(
                MODELS + below,
                DocumentTranslation.VERSION,
                new Chunks(),
                Reply.document(context, Collections.emptySortedSet(), "a model or a list of models", response));
    }

    private static String segment(String model) {
        return URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
