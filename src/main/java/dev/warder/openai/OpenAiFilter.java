package dev.warder.openai;

import dev.warder.auth.Client;
import dev.warder.auth.Right;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.Readiness;
import dev.warder.http.RequestTarget;
import dev.warder.translation.EventLimit;
import dev.warder.translation.Translation;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Asks the exchange to translate requests in OpenAI's dialect, chat completions, responses and the list of models, and
 * the responses to them. The {@link Call} states which paths these are. Thread-safe.
 */
public final class OpenAiFilter extends HttpFilter {
    private static final long serialVersionUID = 1;

    private static final String MESSAGES = "/v1/messages";

    private final transient InstantSource clock = InstantSource.system();

    /** For the container. */
    public OpenAiFilter() {}

    /** Whichever filter the container destroys first, see {@link Readiness#takeDown(jakarta.servlet.ServletContext)}. */
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

    /** The query is sent upstream unchanged. */
    private static String at(String path, RequestTarget target) {
        return new RequestTarget(path, target.query()).pathAndQuery();
    }
}
