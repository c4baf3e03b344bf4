package dev.warder.openai;

import dev.warder.config.ModelMap;
import dev.warder.edit.ModelCapabilities;
import dev.warder.edit.ModelCatalog;
import dev.warder.json.JsonTree;
import dev.warder.openai.shared.CustomText;
import dev.warder.openai.shared.InputText;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.MessageTranslation.Ending;
import dev.warder.openai.shared.MessagesRequest;
import dev.warder.openai.shared.MessagesRequest.Prompt;
import dev.warder.openai.shared.Parameters;
import dev.warder.openai.shared.PromptCache;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.openai.shared.Reasoning;
import dev.warder.openai.shared.RefusedException;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.openai.shared.ResponseFormat;
import dev.warder.openai.shared.TokenLimit;
import dev.warder.openai.shared.ToolChoice;
import dev.warder.openai.shared.ToolList;
import dev.warder.openai.shared.ToolPlan;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads chat completion requests as {@link MessagesRequest}s, by the model's capabilities. Every member is translated,
 * listed as ignored, or refuses the request. Thread-safe.
 *
 * @param defaultMaxTokens applies where a request sets no limit
 * @param reasoning the setting that shows thinking in responses
 */
public record ChatRequestReader(ModelCatalog catalog, ModelMap models, long defaultMaxTokens, boolean reasoning) {
    private static final String THINKING = "thinking";
    private static final List<String> LIMITS = List.of("max_completion_tokens", "max_tokens");

    public RequestOutcome<ChatContext> translate(JsonObject request) {
        try {
            return translate(new Members(request));
        } catch (RefusedException refused) {
            return new RequestOutcome.Refused<>(refused.refusal());
        }
    }

    private RequestOutcome<ChatContext> translate(Members top) throws RefusedException {
        String requested = top.needText("model");
        String upstream = models.resolve(requested).orElseThrow(RefusedException::modelNotFound);
        var model = catalog.find(upstream);
        refuseUnsupported(top);
        boolean stream = top.flag("stream").orElse(false);
        boolean includeUsage = includeUsage(top, stream);
        var conversation = Conversation.read(top, model);
        var tools = ToolList.read(top, model);
        var format = ResponseFormat.read(top, model);
        var plan = ToolPlan.of(
                top,
                model,
                tools,
                ToolChoice.read(top, tools),
                conversation.calledTools(),
                format,
                Reasoning.isAskedFor(top.json(THINKING)));
        var thinking = reasoning(top, model, conversation, plan);
        var parameters = JsonTree.newObject();
        boolean mayChoose = model.sampling() && !thinking.thinks();
        Parameters.addTopK(top, mayChoose, parameters);
        Parameters.addSampling(top, mayChoose, parameters);
        Parameters.addStop(top, parameters);
        Parameters.addAccount(top, Parameters.userId(top), parameters);
        var system = new ArrayList<>(conversation.turns.system());
        format.line().ifPresent(system::add);
        var prompt =
                PromptCache.mark(PropertyNames.accepted(new Prompt(system, conversation.turns.messages(), plan)), top);
        var message = new MessagesRequest(upstream, stream, prompt, thinking, format.structured(), parameters.build())
                .write();
        top.ignoreRest();
        var context = new ChatContext(
                requested,
                stream,
                includeUsage,
                reasoning,
                plan.unwrappedTool(),
                tools.legacy(),
                tools.custom(),
                prompt.tools().names());
        return new RequestOutcome.Translated<>(message, top.ignored(), context);
    }

    private static boolean includeUsage(Members top, boolean stream) throws RefusedException {
        var asked = top.read(
                "stream_options", options -> options.flag("include_usage").orElse(false));
        if (!stream) {
            top.ignore("stream_options");
        }
        return stream && asked.orElse(false);
    }

    private Reasoning reasoning(Members top, ModelCapabilities model, Conversation conversation, ToolPlan plan)
            throws RefusedException {
        boolean mayBudget = conversation.turns.mayThink() && (!plan.forced() || model.forcedToolWithThinking());
        var limit = TokenLimit.read(top, model, defaultMaxTokens, LIMITS);
        return Reasoning.read(top, "reasoning_effort", top.json(THINKING), model, limit, mayBudget);
    }

    private static void refuseUnsupported(Members top) throws RefusedException {
        var count = top.number("n").filter(n -> n.compareTo(BigDecimal.ONE) != 0);
        top.refuseIf(count.isPresent(), "n", "must be 1.");
        top.refuseIf(top.flag("logprobs").orElse(false), "logprobs", "is not supported.");
        var logprobs = top.number("top_logprobs").filter(number -> number.signum() != 0);
        top.refuseIf(logprobs.isPresent(), "top_logprobs", "is not supported.");
        boolean isText = top.array("modalities").orElse(JsonArray.EMPTY_JSON_ARRAY).stream()
                .allMatch(kind ->
                        kind instanceof JsonString word && word.getString().equals("text"));
        top.refuseIf(!isText, "modalities", "must have nothing but text.");
        for (String name : List.of("audio", "web_search_options")) {
            top.refuseIf(top.has(name), name, "is not supported.");
        }
    }

    /**
     * The parts of a chat request that decide the shape of its response. Thread-safe.
     *
     * @param requestedModel the model as the client named it, which the response names too
     * @param stream whether the client asked for a stream
     * @param includeUsage whether a stream ends with a chunk that reports the usage ({@code stream_options.include_usage})
     * @param reasoning whether thinking is shown, as {@code reasoning_content}
     * @param unwrappedTool a tool that the request forced in place of structured output, whose input is the content
     * @param legacyFunctions whether the request used {@code functions}, so that a call is sent as {@code function_call}
     * @param customTools the names of the tools whose input is text
     * @param names the names of properties that differ from the client's
     */
    public record ChatContext(
            String requestedModel,
            boolean stream,
            boolean includeUsage,
            boolean reasoning,
            Optional<String> unwrappedTool,
            boolean legacyFunctions,
            Set<String> customTools,
            PropertyNames names) {
        public ChatContext {
            // Set.copyOf takes the square of the names that have the same hash.
            customTools = Collections.unmodifiableSet(new HashSet<>(customTools));
        }

        /** Translates the input of this tool; empty where it is passed on as it is. */
        Optional<InputText> reader(String tool) {
            return customTools.contains(tool) ? Optional.of(new CustomText()) : names.reader(tool);
        }

        /** Whether the block is a use of the unwrapped tool. */
        boolean unwraps(JsonObject block) {
            return JsonTree.text(block, "type").equals("tool_use")
                    && unwrappedTool.equals(Optional.of(JsonTree.text(block, "name")));
        }

        /**
         * OpenAI's {@code finish_reason}. It has none for a message that the API would go on with, or that ended for a reason
         * that is not known: {@code length} is the only one by which clients see that the message is incomplete.
         *
         * @param calls how many calls the response has
         */
        String finishReason(Ending ending, int calls) {
            if (ending.calls() && calls > 0) {
                return legacyFunctions ? "function_call" : "tool_calls";
            }
            if (ending.refused()) {
                return "content_filter";
            }
            return ending.incomplete().isPresent() ? "length" : "stop";
        }
    }
}
