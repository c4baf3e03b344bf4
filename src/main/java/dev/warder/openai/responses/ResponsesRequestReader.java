package dev.warder.openai.responses;

import dev.warder.config.ModelMap;
import dev.warder.edit.ModelCapabilities;
import dev.warder.edit.ModelCatalog;
import dev.warder.http.Sha256;
import dev.warder.json.JsonTree;
import dev.warder.openai.responses.CalledTool.ToolKind;
import dev.warder.openai.responses.CalledTool.ToolNames;
import dev.warder.openai.responses.ToolReader.OfferedTools;
import dev.warder.openai.shared.Blocks;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.MessagesRequest;
import dev.warder.openai.shared.MessagesRequest.Prompt;
import dev.warder.openai.shared.Parameters;
import dev.warder.openai.shared.PromptCache;
import dev.warder.openai.shared.PropertyNames;
import dev.warder.openai.shared.Reasoning;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.openai.shared.RefusedException;
import dev.warder.openai.shared.RequestOutcome;
import dev.warder.openai.shared.ResponseFormat;
import dev.warder.openai.shared.TokenLimit;
import dev.warder.openai.shared.ToolChoice;
import dev.warder.openai.shared.ToolPlan;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads requests to the Responses API, by the model's capabilities. Every member is translated, listed as ignored, or
 * refuses the request. Thread-safe.
 *
 * @param reasoning the setting that shows thinking in responses
 * @param seal opens {@code encrypted_content}
 */
public record ResponsesRequestReader(ModelCatalog catalog, ModelMap models, boolean reasoning, ReasoningSeal seal) {
    private static final String TEXT = "text";

    public ResponsesRequestReader of(String client) {
        return new ResponsesRequestReader(catalog, models, reasoning, seal.of(client));
    }

    /**
     * Translates the parsed body of a request for a response; keeps no part of it but what the context repeats.
     *
     * @param web whether the client may have the model search the web
     */
    public RequestOutcome<ResponsesContext> translate(JsonObject request, boolean web) {
        return translate(request, web, false);
    }

    public RequestOutcome<ResponsesContext> countTokens(JsonObject request, boolean web) {
        return translate(request, web, true);
    }

    private RequestOutcome<ResponsesContext> translate(JsonObject request, boolean web, boolean count) {
        try {
            var top = new Members(request);
            String requested = top.needText("model");
            String upstream = models.resolve(requested).orElseThrow(RefusedException::modelNotFound);
            var model = catalog.find(upstream);
            OtherMembers.refuse(top);
            boolean stream = top.flag("stream").orElse(false) && !count;
            OtherMembers.read(top, stream);
            var shown = ShownReasoning.read(top, reasoning);
            var tools = ToolReader.read(top, model, web);
            var message = message(top, upstream, model, stream, shown, tools);
            top.ignoreRest();
            var context = new ResponsesContext(
                    requested,
                    stream,
                    shown.summary(),
                    shown.encrypted(),
                    message.prompt().tools().unwrappedTool(),
                    tools.names(),
                    message.prompt().tools().names(),
                    Echo.of(request, message.parameters().containsKey("service_tier")));
            var document = count ? message.writeCount() : message.write();
            return new RequestOutcome.Translated<>(document, top.ignored(), context);
        } catch (RefusedException refused) {
            return new RequestOutcome.Refused<>(refused.refusal());
        }
    }

    private MessagesRequest message(
            Members top,
            String upstream,
            ModelCapabilities model,
            boolean stream,
            ShownReasoning shown,
            OfferedTools tools)
            throws RefusedException {
        var input = InputItems.read(top, model, tools, seal);
        var text = top.object(TEXT);
        var format = text.isPresent()
                ? ResponseFormat.readFlat(text.get(), "format", model)
                : ResponseFormat.text(top, TEXT);
        // A summary turns thinking on where the model decides how much it thinks.
        boolean thinks = shown.summary() && model.thinking().contains("adaptive");
        var choice = ToolChoice.read(top, "tool_choice", tools.list().isEmpty(), chosen -> chosen(chosen, tools));
        var plan = ToolPlan.of(top, model, tools.list(), choice, input.calls.names, format, thinks);
        var thinking = thinking(top, model, shown, input, plan);
        var system = system(top, input, format);
        var parameters = JsonTree.newObject();
        Parameters.addSampling(top, model.sampling() && !thinking.thinks(), parameters);
        Parameters.addAccount(top, OtherMembers.userId(top), parameters);
        if (text.isPresent()) {
            text.get().ignoreRest();
        }
        var prompt =
                PromptCache.mark(PropertyNames.accepted(new Prompt(system, input.turns.all.messages(), plan)), top);
        return new MessagesRequest(upstream, stream, prompt, thinking, format.structured(), parameters.build());
    }

    private static Reasoning thinking(
            Members top, ModelCapabilities model, ShownReasoning shown, InputItems input, ToolPlan plan)
            throws RefusedException {
        boolean mayBudget = input.turns.mayThink() && (!plan.forced() || model.forcedToolWithThinking());
        var limit = TokenLimit.read(top, model, model.maxTokens(), List.of("max_output_tokens"));
        return shown.plan(model, limit, mayBudget);
    }

    private static List<JsonObject> system(Members top, InputItems input, ResponseFormat format)
            throws RefusedException {
        var system = new ArrayList<JsonObject>();
        top.text("instructions").flatMap(Blocks::text).ifPresent(system::add);
        system.addAll(input.turns.all.system());
        format.line().ifPresent(system::add);
        return system;
    }

    private static Set<String> chosen(Members choice, OfferedTools tools) throws RefusedException {
        String type = choice.needText("type");
        if (type.equals("namespace")) {
            return tools.namespaces().getOrDefault(choice.needText("name"), Set.of());
        }
        var kind = ToolKind.of(type);
        Optional<String> name = WebSearch.isType(type) ? tools.webSearch() : Optional.empty();
        if (kind.isPresent()) {
            var called = kind.get().isNamed()
                    ? CalledTool.function(choice.text("namespace"), choice.needText("name"))
                    : CalledTool.builtIn(kind.get());
            name = tools.find(called);
        }
        return name.map(Set::of).orElse(Set.of());
    }

    /**
     * The client's wishes about thinking: the members {@code reasoning} and {@code include}. One thread at a time.
     *
     * @param members the object {@code reasoning}
     * @param summary whether thinking is shown
     * @param encrypted whether it is returned for the next request
     */
    private record ShownReasoning(Optional<Members> members, boolean summary, boolean encrypted) {
        private static final String EFFORT = "effort";

        private static final String USUAL_EFFORT = "medium";

        private static final String SUMMARY = "summary";
        private static final String OLDER_SUMMARY = "generate_summary";
        private static final String INCLUDE = "include";
        private static final String ENCRYPTED = "reasoning.encrypted_content";
        private static final Set<String> SUMMARIES = Set.of("auto", "concise", "detailed");

        static ShownReasoning read(Members top, boolean allowed) throws RefusedException {
            var members = top.object("reasoning");
            boolean summary = members.isPresent() && isSummary(members.get(), allowed);
            return new ShownReasoning(members, summary, isEncrypted(top, allowed));
        }

        Reasoning plan(ModelCapabilities model, TokenLimit limit, boolean mayBudget) throws RefusedException {
            if (members.isEmpty()) {
                return new Reasoning(Optional.empty(), Optional.empty(), limit);
            }
            var plain = Reasoning.read(members.get(), EFFORT, Optional.empty(), model, limit, mayBudget);
            if (mayBudget) {
                plain = plain.withBudget(model, members.get().text(EFFORT).orElse(summary ? USUAL_EFFORT : ""));
            }
            var shown = summary ? plain.summarized(model) : Optional.of(plain);
            if (shown.isEmpty()) {
                members.get().ignore(SUMMARY);
                members.get().ignore(OLDER_SUMMARY);
            }
            members.get().ignoreRest();
            return shown.orElse(plain);
        }

        private static boolean isSummary(Members reasoning, boolean allowed) throws RefusedException {
            boolean asked = false;
            for (String member : new String[] {SUMMARY, OLDER_SUMMARY}) {
                var kind = reasoning.text(member);
                reasoning.refuseIf(
                        kind.isPresent() && !SUMMARIES.contains(kind.get()),
                        member,
                        "must be auto, concise or detailed.");
                asked |= kind.isPresent();
                if (!allowed) {
                    reasoning.ignore(member);
                }
            }
            return asked && allowed;
        }

        private static boolean isEncrypted(Members top, boolean allowed) throws RefusedException {
            boolean encrypted = false;
            for (String member : top.texts(INCLUDE)) {
                if (allowed && member.equals(ENCRYPTED)) {
                    encrypted = true;
                } else {
                    top.listText(INCLUDE, member);
                }
            }
            return encrypted;
        }
    }

    /** The members of a response that repeat the request, with OpenAI's defaults for those that it does not have. */
    static final class Echo {
        private static final String SERVICE_TIER = "service_tier";
        private static final JsonObject PLAIN_TEXT =
                JsonTree.newObject().add("format", JsonTree.typed("text")).build();

        private Echo() {}

        /**
         * The members for one response.
         *
         * @param request a request that was translated
         * @param tier whether its service tier was sent
         */
        static JsonObject of(JsonObject request, boolean tier) {
            var echo = JsonTree.newObject()
                    .add("background", false)
                    .add("instructions", sent(request, "instructions", JsonValue.NULL))
                    .add("max_output_tokens", sent(request, "max_output_tokens", JsonValue.NULL))
                    .add("max_tool_calls", sent(request, "max_tool_calls", JsonValue.NULL))
                    .add("metadata", sent(request, "metadata", JsonValue.EMPTY_JSON_OBJECT))
                    .add("parallel_tool_calls", sent(request, "parallel_tool_calls", JsonValue.TRUE))
                    .addNull("previous_response_id")
                    .add("reasoning", reasoning(sent(request, "reasoning", JsonValue.EMPTY_JSON_OBJECT)))
                    .add("store", false)
                    .add("temperature", number(request, "temperature"))
                    .add("text", text(sent(request, "text", PLAIN_TEXT)))
                    .add("tool_choice", sent(request, "tool_choice", JsonTree.string("auto")))
                    .add("tools", sent(request, "tools", JsonValue.EMPTY_JSON_ARRAY))
                    .add("top_logprobs", 0)
                    .add("top_p", number(request, "top_p"))
                    .add("truncation", "disabled");
            for (String name : new String[] {"prompt_cache_key", "safety_identifier", "user"}) {
                if (request.get(name) instanceof JsonString text) {
                    echo.add(name, text);
                }
            }
            if (tier) {
                echo.add(SERVICE_TIER, sent(request, SERVICE_TIER, JsonValue.NULL));
            }
            return echo.build();
        }

        private static JsonValue sent(JsonObject request, String name, JsonValue otherwise) {
            var value = request.get(name);
            return value == null || JsonValue.NULL.equals(value) ? otherwise : value;
        }

        private static BigDecimal number(JsonObject request, String name) {
            return request.get(name) instanceof JsonNumber number ? number.bigDecimalValue() : BigDecimal.ONE;
        }

        private static JsonValue text(JsonValue text) {
            return text instanceof JsonObject object && sent(object, "format", JsonValue.NULL) == JsonValue.NULL
                    ? JsonTree.newObject(object)
                            .add("format", PLAIN_TEXT.get("format"))
                            .build()
                    : text;
        }

        private static JsonObject reasoning(JsonValue reasoning) {
            var sent = reasoning.asJsonObject();
            return JsonTree.newObject()
                    .add("effort", sent(sent, "effort", JsonValue.NULL))
                    .add("summary", sent(sent, "summary", JsonValue.NULL))
                    .build();
        }
    }

    /** Members of a request that no block, tool or parameter expresses. Thread-safe. */
    static final class OtherMembers {
        private static final String TRUNCATION = "truncation";
        private static final String STREAM_OPTIONS = "stream_options";
        private static final String OBFUSCATION = "include_obfuscation";
        private static final String STORE = "store";
        private static final String METADATA = "metadata";
        private static final int METADATA_MEMBERS = 16;
        private static final int METADATA_NAME = 64;
        private static final int METADATA_TEXT = 512;
        private static final String CLIENT = "client_metadata";
        private static final String INSTALLATION = "x-codex-installation-id";

        private OtherMembers() {}

        /** Refuses what needs stored responses, or what no response of the Messages API could satisfy. */
        static void refuse(Members top) throws RefusedException {
            for (String name : List.of("previous_response_id", "conversation")) {
                top.refuseIf(
                        top.has(name),
                        name,
                        "is not supported: nothing is stored here. Send the whole input each time.");
            }
            top.refuseIf(top.has("prompt"), "prompt", "is not supported: send instructions and input.");
            top.refuseIf(top.flag("background").orElse(false), "background", "must be false.");
            top.refuseIf(
                    top.number("top_logprobs")
                            .filter(count -> count.signum() != 0)
                            .isPresent(),
                    "top_logprobs",
                    "must be 0.");
        }

        static void read(Members top, boolean stream) throws RefusedException {
            switch (top.text(TRUNCATION).orElse("disabled")) {
                case "disabled" -> {}
                case "auto" -> top.ignore(TRUNCATION);
                default -> throw top.refused(TRUNCATION, "must be auto or disabled.");
            }
            // OpenAI stores responses unless the member is false; a client that sets it to true may expect to find
            // them.
            if (top.flag(STORE).orElse(false)) {
                top.ignore(STORE);
            }
            checkMetadata(top);
            var obfuscates = top.read(
                    STREAM_OPTIONS, options -> options.flag(OBFUSCATION).orElse(false));
            if (obfuscates.orElse(false)) {
                top.list(OBFUSCATION);
            }
            if (!stream) {
                top.ignore(STREAM_OPTIONS);
            }
        }

        /** Only the response has it: what OpenAI refuses must not come back there. */
        private static void checkMetadata(Members top) throws RefusedException {
            var metadata = top.json(METADATA).orElse(JsonValue.EMPTY_JSON_OBJECT);
            boolean valid = metadata.size() <= METADATA_MEMBERS;
            for (var member : metadata.entrySet()) {
                valid &= hasAtMost(METADATA_NAME, member.getKey())
                        && member.getValue() instanceof JsonString text
                        && hasAtMost(METADATA_TEXT, text.getString());
            }
            top.refuseIf(
                    !valid,
                    METADATA,
                    "must have at most 16 members: strings of at most 512 characters, with names of at most 64.");
        }

        private static boolean hasAtMost(int characters, String text) {
            return text.codePointCount(0, text.length()) <= characters;
        }

        static Optional<String> userId(Members top) throws RefusedException {
            var user = Parameters.userId(top);
            var client = top.object(CLIENT);
            var installation = client.isPresent() ? client.get().text(INSTALLATION) : Optional.<String>empty();
            if (user.isPresent() || installation.isEmpty()) {
                top.ignore(CLIENT);
            } else {
                client.get().ignoreRest();
            }
            return user.or(() -> installation.map(Sha256::hex));
        }
    }

    /**
     * The parts of a request to the Responses API that decide the shape of its response. Immutable.
     *
     * @param requestedModel the model as the client named it, which the response names too
     * @param stream whether the client asked for a stream
     * @param summary whether thinking is shown, as a reasoning summary
     * @param encryptedReasoning whether reasoning items carry {@code encrypted_content}
     * @param unwrappedTool a tool that the request forced in place of structured output, whose input is the text
     * @param tools the client's tools
     * @param names the names of properties that differ from the client's
     * @param echo the members of the response that repeat the request or its defaults, such as {@code instructions},
     *     {@code tools} and {@code temperature}
     */
    public record ResponsesContext(
            String requestedModel,
            boolean stream,
            boolean summary,
            boolean encryptedReasoning,
            Optional<String> unwrappedTool,
            ToolNames tools,
            PropertyNames names,
            JsonObject echo) {
        public ResponsesContext withoutEcho() {
            return new ResponsesContext(
                    requestedModel,
                    stream,
                    summary,
                    encryptedReasoning,
                    unwrappedTool,
                    tools,
                    names,
                    JsonValue.EMPTY_JSON_OBJECT);
        }
    }
}
