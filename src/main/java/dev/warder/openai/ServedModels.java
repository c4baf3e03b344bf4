package dev.warder.openai;

import dev.warder.config.ModelMap;
import dev.warder.config.OpenAi;
import dev.warder.models.ModelCatalog;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The models that OpenAI's paths serve, as the operator's settings, the operator's files and the upstream define them
 * now. Thread-safe; cheap enough to ask during each request.
 */
public final class ServedModels {
    private final OpenAi settings;
    private final ModelCatalog shipped = ModelCatalog.shipped();
    private volatile JsonObject learned = JsonValue.EMPTY_JSON_OBJECT;
    private volatile Served served;

    /** Knows the shipped rows and the operator's, until it has learned more. */
    public ServedModels(OpenAi settings) {
        this.settings = settings;
        this.served = serve(settings.models().get(), settings.capabilities().get(), learned);
    }

    /** Exact aliases in the operator's order, each with the model that it stands for. */
    public Map<String, String> aliases() {
        var models = settings.models().get();
        var aliases = new LinkedHashMap<String, String>();
        models.aliases().forEach(alias -> models.resolve(alias).ifPresent(model -> aliases.put(alias, model)));
        return Collections.unmodifiableMap(aliases);
    }

    /** The translation by what is known now; the same object until that has changed. */
    ChatRequest chatRequest() {
        var models = settings.models().get();
        var rows = settings.capabilities().get();
        var said = learned;
        var known = served;
        if (!known.isOf(models, rows, said)) {
            known = serve(models, rows, said);
            served = known;
        }
        return known.request();
    }

    /** Replaces the upstream's rows: its response to {@code GET /v1/models}. */
    public void learn(JsonObject models) {
        learned = models;
    }

    private Served serve(ModelMap models, JsonObject rows, JsonObject said) {
        var catalog = shipped.withRows(said).withRows(rows);
        return new Served(
                models, rows, said, new ChatRequest(catalog, models, settings.maxTokens(), settings.reasoning()));
    }

    /** A translation and what it was made of. */
    private record Served(ModelMap models, JsonObject rows, JsonObject said, ChatRequest request) {
        /** Whether it was made from these very objects; a comparison of their content would cost time in each request. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(ModelMap otherModels, JsonObject otherRows, JsonObject otherSaid) {
            return models == otherModels && rows == otherRows && said == otherSaid;
        }
    }
}
