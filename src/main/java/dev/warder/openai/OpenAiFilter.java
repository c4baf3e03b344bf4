package dev.warder.openai;

import dev.warder.auth.Client;
import dev.warder.auth.Right;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.GatewayFilter;
import dev.warder.http.RequestTarget;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.openai.ChatRequestReader.ChatContext;
import dev.warder.openai.responses.EchoedMembers;
import dev.warder.openai.responses.ItemWriter;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.openai.shared.RequestOutcome.Translated;
import dev.warder.stream.Translation;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Asks the exchange to translate requests in OpenAI's dialect, chat completions, responses and the list of models, and
 * the responses to them. The {@link Call} states which paths these are. Thread-safe.
 */
public final class OpenAiFilter extends GatewayFilter<OpenAiFilter.Parts> {
    private static final String MESSAGES = "/v1/messages";
    private static final String TOKENS = "input_tokens";

    private final transient InstantSource clock = InstantSource.system();

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var call = Attributes.get(request, Call.class);
        if (call.route().isOpenAis()) {
            Attributes.put(request, Translation.class, translation(call, Attributes.get(request, Client.class)));
        }
        chain.doFilter(request, response);
    }

    /** @param longestEvent in bytes */
    public record Parts(ServedModels served, int longestEvent) {}

    private Translation translation(Call call, Client client) {
        var served = parts().served;
        var context = new Reply.Context(call.id(), clock, parts().longestEvent);
        boolean web = client.has(Right.WEB);
        return switch (call.route()) {
            case CHAT ->
                new DocumentTranslation<>(
                        served.chatRequest()::translate, at(MESSAGES, call.target()), read -> chat(read, context));
            case CHAT_MODELS -> ModelsTranslator.of(call.target(), served, client, context);
            case RESPONSES ->
                new DocumentTranslation<>(
                        document -> served.responsesRequest().of(client.name()).translate(document, web),
                        at(MESSAGES, call.target()),
                        read -> responses(read, context, served.seal.of(client.name())));
            default ->
                new DocumentTranslation<>(
                        document -> served.responsesRequest().of(client.name()).countTokens(document, web),
                        at(MESSAGES + "/count_tokens", call.target()),
                        read -> Reply.document(context, read.ignored(), "a token count", OpenAiFilter::tokenCount));
        };
    }

    static Reply chat(Translated<ChatContext> read, Reply.Context context) {
        var chat = read.context();
        return Reply.message(
                context,
                read.ignored(),
                chat.stream(),
                () -> new ChatStream(chat, context.responseId(), context.now()),
                0);
    }

    static Reply responses(Translated<ResponsesContext> read, Reply.Context context, ReasoningSeal seal) {
        var echo = new EchoedMembers(read.context().echo());
        var kept = read.context().withoutEcho();
        return Reply.message(
                context,
                read.ignored(),
                kept.stream(),
                () -> new ItemWriter(kept, seal, echo, context.clock(), context.responseId()),
                echo.length());
    }

    private static Optional<byte[]> tokenCount(byte[] body) {
        return JsonTree.parseObject(body, 0, body.length)
                .map(count -> JsonTree.count(count, TOKENS, -1))
                .filter(count -> count >= 0)
                .map(count -> JsonTree.newObject()
                        .add("object", "response." + TOKENS)
                        .add(TOKENS, count)
                        .build())
                .map(document -> JsonText.utf8(document.toString()));
    }

    private static String at(String path, RequestTarget target) {
        return new RequestTarget(path, target.query()).pathAndQuery();
    }
}
