package dev.warder.openai;

import static dev.warder.openai.ChatSample.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.ObjectMappers;
import com.anthropic.models.messages.MessageCreateParams;
import dev.warder.config.ModelMap;
import dev.warder.config.Secret;
import dev.warder.edit.ModelCatalog;
import dev.warder.openai.responses.ResponsesRequestReader;
import dev.warder.openai.shared.ReasoningSeal;
import dev.warder.openai.shared.RequestOutcome;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Requests in either of OpenAI's dialects, and what becomes of them; the client may have the model search the web. */
enum BothDialects {
    CHAT("messages") {
        @Override
        RequestOutcome<?> outcome(ModelCatalog catalog, JsonObject request) {
            return new ChatRequestReader(catalog, ModelMap.of(Optional.empty()), 4096, true).translate(request);
        }
    },
    RESPONSES("input") {
        @Override
        RequestOutcome<?> outcome(ModelCatalog catalog, JsonObject request) {
            return new ResponsesRequestReader(catalog, ModelMap.of(Optional.empty()), true, SEAL)
                    .translate(request, true);
        }
    };

    static final ReasoningSeal SEAL = new ReasoningSeal(List.of(Secret.of("key-of-a-test")));

    private final String member;

    BothDialects(String member) {
        this.member = member;
    }

    abstract RequestOutcome<?> outcome(ModelCatalog catalog, JsonObject request);

    /**
     * A request.
     *
     * @param conversation the elements of {@code messages} or {@code input}
     * @param members other members, each after a comma
     */
    final JsonObject request(String model, String conversation, String members) {
        return json("{'model': '" + model + "', '" + member + "': [" + conversation + "]" + members + "}");
    }

    /** The member {@code tools} with functions of these names, after a comma. */
    final String tools(String... names) {
        return Stream.of(names)
                .map(name -> this == CHAT
                        ? "{'function': {'name': '" + name + "'}}"
                        : "{'type': 'function', 'name': '" + name + "'}")
                .collect(Collectors.joining(", ", ", 'tools': [", "]"));
    }

    /** A request that is valid, as the API's own classes accept it. */
    final Sent sent(ModelCatalog catalog, JsonObject request) {
        var outcome = outcome(catalog, request);
        assertThat(outcome).as(request.toString()).isInstanceOf(RequestOutcome.Translated.class);
        var translated = (RequestOutcome.Translated<?>) outcome;
        try {
            ObjectMappers.jsonMapper()
                    .readValue(translated.message().toString(), MessageCreateParams.Body.class)
                    .validate();
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
        return new Sent(translated.message(), translated.ignored());
    }

    record Sent(JsonObject message, SortedSet<String> ignored) {}
}
