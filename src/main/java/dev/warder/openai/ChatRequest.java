package dev.warder.openai;

import dev.warder.config.ModelMap;
import dev.warder.json.JsonTree;
import dev.warder.models.ModelCapabilities;
import dev.warder.models.ModelCatalog;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The translation of chat completion requests to the Messages API (API version 2023-06-01), by the model's capabilities.
 * Every member is translated, listed as ignored, or refuses the request. Thread-safe.
 */
final class ChatRequest {
    private final ModelCatalog catalog;
    private final ModelMap models;
    private final long defaultMaxTokens;
    private final boolean reasoning;

    /**
     * {@code defaultMaxTokens} applies where a request sets no limit; {@code reasoning} is the setting that shows
     * thinking in responses.
     */
    ChatRequest(ModelCatalog catalog, ModelMap models, long defaultMaxTokens, boolean reasoning) {
        this.catalog = catalog;
        this.models = models;
        this.defaultMaxTokens = defaultMaxTokens;
        this.reasoning = reasoning;
    }

    /** The model to ask for one of this name; empty where none is served under it. */
    Optional<String> upstreamModel(String name) {
        return models.resolve(name);
    }

    /** Translates the parsed body of a chat completion request; keeps no part of it. */
    ChatTranslation translate(JsonObject request) {
        var ignored = new Ignored();
        try {
            return translate(new Members(request, "", ignored), ignored);
        } catch (RefusedException refused) {
            return new ChatTranslation.Refused(refused.refusal());
        }
    }

    private ChatTranslation translate(Members top, Ignored ignored) throws RefusedException {
        String requested = top.needText("model");
        String upstream =
                models.resolve(requested).orElseThrow(() -> new RefusedException(ChatRefusal.modelNotFound()));
        var model = catalog.find(upstream);
        Unserved.refuse(top);
        boolean stream = top.flag("stream").orElse(false);
        boolean includeUsage = includeUsage(top, stream);
        var conversation = Conversation.read(top, model);
        var tools = ToolList.read(top, model);
        if (conversation.hasCalls() && tools.isEmpty()) {
            throw top.refused("tools", "must be there when a message has tool calls.");
        }
        var format = ResponseFormat.read(top, model);
        var plan = ToolPlan.read(top, model, tools, format, Reasoning.isAskedFor(top));
        boolean mayBudget = !conversation.goesOn() && (!plan.forced() || model.forcedToolWithThinking());
        var thought = Reasoning.read(top, model, maxTokens(top, model), mayBudget);

        var message = JsonTree.newObject().add("model", upstream).add("max_tokens", thought.maxTokens());
        if (stream) {
            message.add("stream", true);
        }
        addSystem(conversation.system(), format, message);
        message.add("messages", JsonTree.newArray(conversation.turns()));
        addTools(plan, message);
        thought.thinking().ifPresent(thinking -> message.add("thinking", thinking));
        addOutputConfig(model, format, thought, message);
        Sampling.add(top, model, thought.thinks(), message);
        Sampling.addStop(top, message);
        addUser(top, message);
        addServiceTier(top, message);
        top.ignoreRest();
        var context = new ChatContext(
                requested, upstream, stream, includeUsage, reasoning, plan.answerTool(), tools.legacy());
        return new ChatTranslation.Translated(message.build(), ignored.names(), context);
    }

    private static boolean includeUsage(Members top, boolean stream) throws RefusedException {
        var options = top.object("stream_options");
        if (options.isEmpty()) {
            return false;
        }
        boolean asked = options.get().flag("include_usage").orElse(false);
        options.get().ignoreRest();
        if (!stream) {
            top.ignore("stream_options");
        }
        return stream && asked;
    }

    private long maxTokens(Members top, ModelCapabilities model) throws RefusedException {
        var newer = top.whole("max_completion_tokens", 1);
        var older = top.whole("max_tokens", 1);
        if (newer.isPresent()) {
            top.ignore("max_tokens");
        }
        return Math.min(newer.or(() -> older).orElse(defaultMaxTokens), model.maxTokens());
    }

    private static void addSystem(List<JsonObject> texts, ResponseFormat format, JsonObjectBuilder message) {
        var system = new ArrayList<>(texts);
        if (format.jsonObject()) {
            ContentParts.textBlock(ResponseFormat.JSON_LINE).ifPresent(system::add);
        }
        if (!system.isEmpty()) {
            message.add("system", JsonTree.newArray(system));
        }
    }

    private static void addTools(ToolPlan plan, JsonObjectBuilder message) {
        if (!plan.tools().isEmpty()) {
            message.add("tools", JsonTree.newArray(plan.tools()));
        }
        plan.choice().ifPresent(choice -> message.add("tool_choice", choice));
    }

    private static void addOutputConfig(
            ModelCapabilities model, ResponseFormat format, Reasoning reasoning, JsonObjectBuilder message) {
        var config = JsonTree.newObject();
        reasoning.effort().ifPresent(effort -> config.add("effort", effort));
        if (model.structuredOutputs()) {
            format.schema()
                    .ifPresent(schema ->
                            config.add("format", JsonTree.typed("json_schema").add("schema", schema)));
        }
        var built = config.build();
        if (!built.isEmpty()) {
            message.add("output_config", built);
        }
    }

    /** What a client calls its user may be personal: only a hash of it leaves. */
    private static void addUser(Members top, JsonObjectBuilder message) throws RefusedException {
        var user = top.text("user").filter(name -> !name.isEmpty());
        var identifier = top.text("safety_identifier").filter(name -> !name.isEmpty());
        top.ignore(user.isPresent() || identifier.isEmpty() ? "safety_identifier" : "user");
        user.or(() -> identifier)
                .ifPresent(name -> message.add("metadata", JsonTree.newObject().add("user_id", Sha256.hex(name))));
        if (user.isEmpty()) {
            top.ignore("user");
        }
    }

    private static void addServiceTier(Members top, JsonObjectBuilder message) throws RefusedException {
        switch (top.text("service_tier").orElse("")) {
            case "auto" -> message.add("service_tier", "auto");
            case "default" -> message.add("service_tier", "standard_only");
            default -> top.ignore("service_tier");
        }
    }
}
