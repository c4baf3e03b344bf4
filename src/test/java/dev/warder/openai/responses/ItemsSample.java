package dev.warder.openai.responses;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import dev.warder.config.ModelMap;
import dev.warder.config.Secret;
import dev.warder.edit.ModelCatalog;
import dev.warder.http.ErrorReply;
import dev.warder.openai.responses.ResponsesRequestReader.ResponsesContext;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.openai.shared.RequestOutcome;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Requests to the Responses API in short, and what becomes of them. */
final class ItemsSample {
    static final String NEW = "claude-opus-5-5";
    static final String OLD = "claude-sonnet-4-5";
    static final ReasoningSeal SEAL = new ReasoningSeal(List.of(Secret.of("key-of-a-test")));
    static final String THINKING = "{'type': 'thinking', 'thinking': 'Hm.', 'signature': 'c2ln'}";
    static final String REDACTED = "{'type': 'redacted_thinking', 'data': 'ZGF0YQ'}";
    static final String CALL = "{'type': 'function_call', 'call_id': 'c', 'name': 'f', 'arguments': '{}'}";
    static final String OUTPUT = "{'type': 'function_call_output', 'call_id': 'c', 'output': 'done'}";
    static final String USER = "{'role': 'user', 'content': 'hi'}";

    private ItemsSample() {}

    static ResponsesRequestReader reader() {
        return new ResponsesRequestReader(ModelCatalog.shipped(), ModelMap.of(Optional.empty()), true, SEAL);
    }

    /** A request to that model with one text as input and these members. */
    static RequestOutcome.Translated<ResponsesContext> with(String model, String members) {
        return translated(request(model, "'hi'", members));
    }

    /** The same, of a client that may have the model search the web. */
    static RequestOutcome.Translated<ResponsesContext> withWeb(String members) {
        return valid(reader().translate(json(request(NEW, "'hi'", members)), true));
    }

    /** A request of these items, with a function {@code f}. */
    static RequestOutcome.Translated<ResponsesContext> items(String items) {
        return translated(request(NEW, "[" + items + "]", "'tools': [{'type': 'function', 'name': 'f'}]"));
    }

    static JsonArray messages(String items) {
        return items(items).message().getJsonArray("messages");
    }

    static String request(String model, String input, String members) {
        return "{'model': '" + model + "', 'input': " + input + (members.isEmpty() ? "" : ", " + members) + "}";
    }

    static RequestOutcome.Translated<ResponsesContext> translated(String request) {
        return translated(reader(), json(request));
    }

    static RequestOutcome.Translated<ResponsesContext> translated(ResponsesRequestReader reader, JsonObject request) {
        return valid(reader.translate(request, false));
    }

    static RequestOutcome.Translated<ResponsesContext> counted(String request) {
        var result = (RequestOutcome.Translated<ResponsesContext>) reader().countTokens(json(request), false);
        check(result.message(), true);
        return result;
    }

    static ErrorReply refusal(String request) {
        var result = reader().translate(json(request), false);
        assertThat(result).as(request).isInstanceOf(RequestOutcome.Refused.class);
        return ((RequestOutcome.Refused<ResponsesContext>) result).refusal();
    }

    /** An item with these blocks in {@code encrypted_content}. */
    static String reasoning(String... blocks) {
        return sealed(SEAL, "[" + String.join(", ", blocks) + "]");
    }

    static String sealed(ReasoningSeal seal, String blocks) {
        String content = seal.seal(blocks.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return "{'type': 'reasoning', 'id': 'rs_1', 'summary': [], 'encrypted_content': '" + content + "'}";
    }

    static String ignored(RequestOutcome.Translated<ResponsesContext> result) {
        return String.join(",", result.ignored());
    }

    /** What goes up has to be what the API's own classes accept. */
    private static RequestOutcome.Translated<ResponsesContext> valid(RequestOutcome<ResponsesContext> result) {
        assertThat(result).isInstanceOf(RequestOutcome.Translated.class);
        var translated = (RequestOutcome.Translated<ResponsesContext>) result;
        check(translated.message(), false);
        return translated;
    }

    private static void check(JsonObject message, boolean count) {
        try {
            var mapper = ObjectMappers.jsonMapper();
            if (count) {
                mapper.readValue(message.toString(), MessageCountTokensParams.Body.class)
                        .validate();
            } else {
                mapper.readValue(message.toString(), MessageCreateParams.Body.class)
                        .validate();
            }
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }
}
