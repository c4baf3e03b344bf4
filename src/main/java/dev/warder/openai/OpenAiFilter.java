package dev.warder.openai;

import dev.warder.auth.Client;
import dev.warder.auth.Right;
import dev.warder.body.Chunks;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Readiness;
import dev.warder.http.RequestTarget;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.chat.PromptCache;
import dev.warder.openai.responses.ResponsesContext;
import dev.warder.openai.responses.ResponsesTranslation;
import dev.warder.openai.shared.ValueMemory;
import dev.warder.stream.EventLimit;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.StreamTranslation;
import dev.warder.stream.Translation;
import dev.warder.stream.Translation.Outcome;
import jakarta.json.JsonObject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/**
 * Asks the exchange to translate requests in OpenAI's dialect, chat completions, responses and the list of models, and
 * the responses to them. The {@link Call} states which paths these are. Thread-safe.
 */
public final class OpenAiFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    private static final String MESSAGES = "/v1/messages";

    private final transient InstantSource clock = InstantSource.system();

    public OpenAiFilter() {}

    @Override
    public void destroy() {
        Readiness.takeDown(getServletContext());
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        translation(request).ifPresent(asked -> Attributes.put(request, Translation.class, asked));
        chain.doFilter(request, response);
    }

    private Optional<Translation> translation(HttpServletRequest request) {
        var call = Attributes.get(request, Call.class);
        var application = getServletContext();
        return switch (call.route()) {
            case CHAT -> {
                var served = Attributes.get(application, ServedModels.class).chatRequest();
                var translator = new ChatTranslator(served, at(MESSAGES, call.target()), exchange(call));
                yield Optional.of(new DocumentTranslator(translator::translate));
            }
            case RESPONSES -> {
                var served = Attributes.get(application, ServedModels.class);
                var exchange = exchange(call);
                var client = Attributes.get(request, Client.class);
                var translator = new ResponsesTranslator(
                        document ->
                                served.responsesRequest().of(client.name()).translate(document, client.has(Right.WEB)),
                        at(MESSAGES, call.target()),
                        (context, ignored) -> new ResponsesReply(
                                context, ignored, served.seal().of(client.name()), exchange));
                yield Optional.of(new DocumentTranslator(translator::translate));
            }
            case RESPONSE_TOKENS -> {
                var served = Attributes.get(application, ServedModels.class);
                var client = Attributes.get(request, Client.class);
                var translator = new ResponsesTranslator(
                        document -> served.responsesRequest()
                                .of(client.name())
                                .countTokens(document, client.has(Right.WEB)),
                        at(MESSAGES + "/count_tokens", call.target()),
                        (context, ignored) -> new TokenCountReply(ignored, clock));
                yield Optional.of(new DocumentTranslator(translator::translate));
            }
            case CHAT_MODELS ->
                Optional.of(ModelsTranslator.of(
                        call.target(),
                        Attributes.get(application, ServedModels.class),
                        Attributes.get(request, Client.class),
                        clock));
            default -> Optional.empty();
        };
    }

    private ReplyContext exchange(Call call) {
        int largestEvent = Attributes.get(getServletContext(), EventLimit.class).bytes();
        return new ReplyContext(call.id(), clock, largestEvent);
    }

    private static String at(String path, RequestTarget target) {
        return new RequestTarget(path, target.query()).pathAndQuery();
    }

    /**
     * Translates a request whose body is a document. One thread at a time.
     *
     * @param documents translates the parsed body, and keeps no part of it
     */
    private record DocumentTranslator(Function<JsonObject, Outcome> documents) implements Translation {
        @Override
        public long valueMemory(Chunks body) {
            return ValueMemory.of(body);
        }

        @Override
        public Outcome translate(Chunks body) {
            return JsonTree.parseDistinctObject(body).map(documents).orElseGet(Refusals::unreadable);
        }
    }

    /** Translates a token count to that of the Responses API. One thread at a time. */
    private static final class TokenCountReply implements ResponseTranslation {
        private static final String TOKENS = "input_tokens";

        private final SortedSet<String> ignored;
        private final InstantSource clock;

        TokenCountReply(SortedSet<String> ignored, InstantSource clock) {
            this.ignored = ignored;
            this.clock = clock;
        }

        @Override
        public List<Field> fields(Function<String, Optional<String>> upstream) {
            return Reply.fields(upstream, clock.instant(), ignored);
        }

        @Override
        public Optional<StreamTranslation> stream() {
            return Optional.empty();
        }

        @Override
        public Whole whole(int status, byte[] body) {
            if (status < 200 || status >= 300) {
                return Reply.error(status, body);
            }
            return JsonTree.parseObject(body, 0, body.length)
                    .map(count -> JsonTree.count(count, TOKENS, -1))
                    .filter(count -> count >= 0)
                    .<Whole>map(count -> new Whole.Translated(200, Reply.JSON, document(count)))
                    .orElseGet(() ->
                            new Whole.Unusable(ErrorReply.badGateway("The upstream's response is not a token count.")));
        }

        private static byte[] document(long count) {
            JsonObject document = JsonTree.newObject()
                    .add("object", "response." + TOKENS)
                    .add(TOKENS, count)
                    .build();
            return JsonText.utf8(document.toString());
        }
    }

    /** Translates one request of the Responses API to the Messages API, and returns the translation for its response. */
    private static final class ResponsesTranslator {
        private final Function<JsonObject, ResponsesTranslation> requests;
        private final String path;
        private final Replies replies;

        /**
         * @param requests reads the request
         * @param path the path and query of the Messages API
         * @param replies makes the translation of the response
         */
        ResponsesTranslator(Function<JsonObject, ResponsesTranslation> requests, String path, Replies replies) {
            this.requests = requests;
            this.path = path;
            this.replies = replies;
        }

        Outcome translate(JsonObject document) {
            var translation = requests.apply(document);
            if (translation instanceof ResponsesTranslation.Translated found) {
                var reply = replies.of(found.context(), found.ignored());
                return new Outcome.Translated(
                        path,
                        ChatTranslator.VERSION,
                        JsonTree.body(found.message()),
                        reply,
                        JsonTree.findText(document, PromptCache.KEY));
            }
            return Refusals.of(((ResponsesTranslation.Refused) translation).refusal());
        }

        /** Makes the translation of a response. */
        @FunctionalInterface
        interface Replies {
            ResponseTranslation of(ResponsesContext context, SortedSet<String> ignored);
        }
    }

    /**
     * The context of the translation of one response, in addition to the request. Thread-safe.
     *
     * @param requestId of the request, see {@link dev.warder.http.RequestId}
     * @param clock gives the time at which the response arrived
     * @param largestEvent bytes of one event of the upstream ({@code limits.event})
     */
    record ReplyContext(String requestId, InstantSource clock, int largestEvent) {
        /** The id of the response where the upstream's has none: the random part of the request's id. */
        String responseId() {
            return requestId.substring(requestId.lastIndexOf('_') + 1);
        }

        Instant now() {
            return clock.instant();
        }
    }
}
