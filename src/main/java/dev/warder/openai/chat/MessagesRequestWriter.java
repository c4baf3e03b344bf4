package dev.warder.openai.chat;

import dev.warder.json.JsonTree;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;

/** Writes the request for the Messages API (API version 2023-06-01). Thread-safe. */
public final class MessagesRequestWriter {
    private static final String CACHE = "cache_control";

    private MessagesRequestWriter() {}

    public static JsonObject write(MessagesRequest request) {
        var message = JsonTree.newObject()
                .add("model", request.model())
                .add("max_tokens", request.reasoning().maxTokens());
        if (request.stream()) {
            message.add("stream", true);
        }
        addInput(request, message);
        addSampling(request.sampling(), message);
        request.userId()
                .ifPresent(id -> message.add("metadata", JsonTree.newObject().add("user_id", id)));
        request.serviceTier().ifPresent(tier -> message.add("service_tier", tier));
        return message.build();
    }

    public static JsonObject writeCount(MessagesRequest request) {
        var message = JsonTree.newObject().add("model", request.model());
        addInput(request, message);
        return message.build();
    }

    private static void addInput(MessagesRequest request, JsonObjectBuilder message) {
        if (!request.system().isEmpty()) {
            message.add("system", blocks(request.system()));
        }
        message.add("messages", messages(request.messages()));
        addTools(request.tools(), message);
        request.reasoning().thinking().ifPresent(thinking -> message.add("thinking", thinking));
        addOutputConfig(request, message);
    }

    private static JsonArrayBuilder messages(List<MessagesRequest.Message> messages) {
        var array = JsonTree.newArray();
        for (var message : messages) {
            array.add(JsonTree.newObject().add("role", message.role()).add("content", blocks(message.blocks())));
        }
        return array;
    }

    private static JsonArrayBuilder blocks(List<Block> blocks) {
        var array = JsonTree.newArray();
        for (Block block : blocks) {
            var json = content(block.content());
            block.cacheControl().ifPresent(mark -> json.add(CACHE, mark));
            array.add(json);
        }
        return array;
    }

    private static JsonObjectBuilder content(Block.Content content) {
        if (content instanceof Block.Text text) {
            return JsonTree.typed("text").add("text", text.text());
        }
        if (content instanceof Block.Media media) {
            return media(media);
        }
        if (content instanceof Block.ToolUse use) {
            return JsonTree.typed("tool_use")
                    .add("id", use.id())
                    .add("name", use.name())
                    .add("input", use.input());
        }
        if (content instanceof Block.Raw raw) {
            return JsonTree.newObject(raw.json());
        }
        var result = (Block.ToolResult) content;
        var json = JsonTree.typed("tool_result").add("tool_use_id", result.callId());
        return result.blocks().isEmpty() ? json : json.add("content", blocks(result.blocks()));
    }

    private static JsonObjectBuilder media(Block.Media media) {
        var source = media.source();
        var from = JsonTree.typed(source.form().type);
        source.mediaType().ifPresent(type -> from.add("media_type", type));
        from.add(source.form().member, source.value());
        var json = JsonTree.typed(source.isImage() ? "image" : "document").add("source", from);
        media.title().ifPresent(title -> json.add("title", title));
        return json;
    }

    private static void addTools(ToolPlan plan, JsonObjectBuilder message) {
        if (!plan.tools().isEmpty()) {
            var tools = JsonTree.newArray();
            plan.tools().forEach(tool -> tools.add(tool(tool)));
            message.add("tools", tools);
        }
        plan.choice().ifPresent(choice -> message.add("tool_choice", choice(choice, plan.single())));
    }

    private static JsonObjectBuilder tool(Tool tool) {
        var json = tool.server().map(JsonTree::newObject).orElseGet(() -> clientTool(tool));
        tool.cacheControl().ifPresent(mark -> json.add(CACHE, mark));
        return json;
    }

    private static JsonObjectBuilder clientTool(Tool tool) {
        var json = JsonTree.newObject().add("name", tool.name());
        tool.description().ifPresent(text -> json.add("description", text));
        json.add("input_schema", tool.schema());
        return tool.strict() ? json.add("strict", true) : json;
    }

    private static JsonObjectBuilder choice(ToolChoice choice, boolean single) {
        var json = JsonTree.typed(choice.type());
        choice.name().ifPresent(tool -> json.add("name", tool));
        return single ? json.add("disable_parallel_tool_use", true) : json;
    }

    private static void addOutputConfig(MessagesRequest request, JsonObjectBuilder message) {
        var config = JsonTree.newObject();
        request.reasoning().effort().ifPresent(effort -> config.add("effort", effort));
        request.schema()
                .ifPresent(schema ->
                        config.add("format", JsonTree.typed("json_schema").add("schema", schema)));
        var built = config.build();
        if (!built.isEmpty()) {
            message.add("output_config", built);
        }
    }

    private static void addSampling(Sampling sampling, JsonObjectBuilder message) {
        sampling.temperature().ifPresent(number -> message.add("temperature", number));
        sampling.topK().ifPresent(number -> message.add("top_k", number));
        sampling.topP().ifPresent(number -> message.add("top_p", number));
        if (!sampling.stop().isEmpty()) {
            message.add("stop_sequences", JsonTree.newArray(sampling.stop()));
        }
    }
}
