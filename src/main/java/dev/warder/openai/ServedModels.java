package dev.warder.openai;

import dev.warder.config.ModelMap;
import dev.warder.edit.ListedModels;
import dev.warder.edit.ModelAliases;
import dev.warder.edit.ModelCatalog;
import dev.warder.edit.ModelSettings;
import dev.warder.openai.responses.ResponsesRequestReader;
import dev.warder.openai.shared.ReasoningSeal;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The models that are served, as the operator's settings, the operator's files and the upstream define them
 * now. Thread-safe; cheap enough to ask during each request.
 */
public final class ServedModels {
    private final OpenAiSettings settings;
    private final ModelSettings shared;
    final ReasoningSeal seal;
    private final ModelCatalog shipped = ModelCatalog.shipped();
    private volatile JsonObject upstreamRows = JsonValue.EMPTY_JSON_OBJECT;
    private volatile @Nullable Served served;

    /**
     * Knows the shipped rows and the operator's, until {@link #update}.
     *
     * @param shared has the aliases that {@code openai.models} does not have
     */
    public ServedModels(OpenAiSettings settings, ModelSettings shared) {
        this.settings = settings;
        this.shared = shared;
        this.seal = new ReasoningSeal(settings.reasoningKeys());
    }

    /**
     * The plain names of {@code openai.models}, then those of {@code models.aliases}, each with the model that a chat completion
     * would ask for.
     */
    public ListedModels listed() {
        var known = shared.aliases().get();
        var models = settings.models().get().or(known::find);
        var aliases = new LinkedHashMap<String, String>();
        Stream.concat(models.aliases().stream(), known.exact().keySet().stream())
                .forEach(alias -> models.resolve(alias).ifPresent(model -> aliases.putIfAbsent(alias, model)));
        return new ListedModels(aliases, known.shown());
    }

    ChatRequestReader chatRequest() {
        return current().chat();
    }

    ResponsesRequestReader responsesRequest() {
        return current().responses();
    }

    public long longestPrompt(String model) {
        return chatRequest().catalog().longestPrompt(model);
    }

    private Served current() {
        var models = settings.models().get();
        var aliases = shared.aliases().get();
        var rows = settings.capabilities().get();
        var upstream = upstreamRows;
        var known = served;
        if (known == null || !known.isOf(models, aliases, rows, upstream)) {
            var catalog = shipped.withRows(upstream).withRows(rows);
            var all = models.or(aliases::find);
            known = new Served(
                    models,
                    aliases,
                    rows,
                    upstream,
                    new ChatRequestReader(catalog, all, settings.maxTokens(), settings.reasoning()),
                    new ResponsesRequestReader(catalog, all, settings.reasoning(), seal));
            served = known;
        }
        return known;
    }

    /** Replaces the upstream's rows: its response to {@code GET /v1/models}. */
    public void update(JsonObject models) {
        upstreamRows = models;
    }

    /** The translations and what they were made of. */
    private record Served(
            ModelMap models,
            ModelAliases aliases,
            JsonObject rows,
            JsonObject upstream,
            ChatRequestReader chat,
            ResponsesRequestReader responses) {
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(ModelMap otherModels, ModelAliases otherAliases, JsonObject otherRows, JsonObject otherUpstream) {
            return models == otherModels && aliases == otherAliases && rows == otherRows && upstream == otherUpstream;
        }
    }
}
