package dev.warder.openai;

import dev.warder.auth.Client;
import dev.warder.body.Chunks;
import dev.warder.edit.ListedModels;
import dev.warder.edit.ModelCatalog;
import dev.warder.http.ErrorReply;
import dev.warder.http.Fields;
import dev.warder.http.RequestTarget;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.stream.Translation;
import jakarta.json.JsonObject;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Translates requests for one model, or for all of them, and returns them in OpenAI's shape. One thread at a time.
 *
 * <p>Each model has the upstream's members {@code type} and {@code display_name} as well as OpenAI's own, for clients that
 * read the one shape or the other (rule "Dialect of shared paths").
 *
 * @param id of the one model; empty for all of them
 * @param client the caller, who sees only the models that it may use
 */
record ModelsTranslator(Optional<String> id, ServedModels served, Client client, Reply.Context context)
        implements Translation {
    private static final String MODELS = "/v1/models";
    private static final String DESCRIPTION = "description";

    /** The translation of {@code GET} at {@code target}, whose path ends {@code /v1/models} or {@code /v1/models/{id}}. */
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
        var listed = client.listed();
        if (id.isEmpty()) {
            Predicate<String> isListed = name ->
                    listed.isEmpty() || upstreamModel(name).filter(listed.get()).isPresent();
            return ask("?" + ModelCatalog.QUERY, body -> list(body, served.listed(), isListed));
        }
        String name = id.get();
        return upstreamModel(name)
                .map(model -> listed.map(each -> each.test(model)).orElse(true)
                        ? ask("/" + segment(model), body -> one(name, served.listed(), body))
                        : new Outcome.Refused(client.refusalOfModel()))
                .orElseGet(() -> new Outcome.Refused(ErrorReply.modelNotFound("The model does not exist here.")));
    }

    private Optional<String> upstreamModel(String name) {
        return served.chatRequest().models().resolve(name);
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

    /**
     * The {@link ListedModels} of the upstream's list.
     *
     * @param whole the body of the upstream's response
     * @param models the models and aliases of the list
     * @param listed which names are listed
     * @return empty when {@code whole} is no list of models
     */
    static Optional<byte[]> list(byte[] whole, ListedModels models, Predicate<String> listed) {
        return JsonTree.parseObject(whole, 0, whole.length)
                .flatMap(models::in)
                .map(all -> all.stream()
                        .filter(model -> listed.test(ListedModels.id(model)))
                        .map(model -> document(ListedModels.id(model), model))
                        .toList())
                .map(data -> JsonTree.newObject()
                        .add("object", "list")
                        .add("data", JsonTree.newArray(data))
                        .build())
                .map(list -> JsonText.utf8(list.toString()));
    }

    /** @return the members of both shapes; the time is 0 when it is unknown */
    private static JsonObject document(String id, JsonObject model) {
        String shown = JsonTree.text(model, "display_name");
        var created = Fields.instant(JsonTree.text(model, "created_at"));
        var description = JsonTree.findText(model, DESCRIPTION);
        var document = JsonTree.newObject()
                .add("id", id)
                .add("object", "model")
                .add("created", created.map(Instant::getEpochSecond).orElse(0L))
                .add("owned_by", "anthropic")
                .add("type", "model")
                .add("display_name", shown.isEmpty() ? id : shown);
        description.ifPresent(text -> document.add(DESCRIPTION, text));
        return document.build();
    }

    /**
     * One model.
     *
     * @param id as the client named it
     * @param models has what a picker shows of it
     * @param model the body of the upstream's response
     * @return empty when {@code model} is no model
     */
    static Optional<byte[]> one(String id, ListedModels models, byte[] model) {
        return JsonTree.parseObject(model, 0, model.length)
                .filter(found -> !ListedModels.id(found).isEmpty())
                .map(found ->
                        JsonText.utf8(document(id, models.shown(id, found)).toString()));
    }
}
