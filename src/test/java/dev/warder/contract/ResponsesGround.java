package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import jakarta.json.JsonNumber;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Clients of the Responses API made with OpenAI's own SDK, which refuse every response and event that is not in OpenAI's form. */
abstract class ResponsesGround extends OpenAiSdkGround {
    /** A question to begin with, of a client that keeps the conversation itself. */
    static ResponseCreateParams.Builder question() {
        return ResponseCreateParams.builder().model(ALIAS).store(false).input("Hello");
    }

    /** The same, where thinking is shown and comes back in the next request. */
    static ResponseCreateParams.Builder thoughtfulQuestion() {
        return question()
                .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT)
                .reasoning(
                        Reasoning.builder().summary(Reasoning.Summary.DETAILED).build());
    }

    final Response create(ResponseCreateParams.Builder request) {
        return client().responses().create(request.build()).validate();
    }

    final List<ResponseStreamEvent> stream(ResponseCreateParams.Builder request) {
        try (var stream = client().responses().createStreaming(request.build())) {
            return stream.stream().map(ResponseStreamEvent::validate).toList();
        }
    }

    /** The response at the end of a stream, which is what the events make up. */
    static Response whole(List<ResponseStreamEvent> events) {
        var made = ResponseAccumulator.createWithSnapshots();
        events.forEach(made::accumulate);
        for (int number = 0; number < events.size(); number++) {
            var event = Answers.json(json(events.get(number)));
            assertThat(event.getJsonNumber("sequence_number"))
                    .extracting(JsonNumber::intValue)
                    .isEqualTo(number);
        }
        assertThat(made.reconstructedResponse().output())
                .isEqualTo(made.response().output());
        return made.response().validate();
    }

    /** The types of events, one for each run of deltas. */
    static List<String> types(List<ResponseStreamEvent> events) {
        var types = events.stream()
                .map(event -> Answers.json(json(event)).getString("type"))
                .toList();
        return Stream.iterate(0, at -> at < types.size(), at -> at + 1)
                .filter(at -> at == 0 || !types.get(at).equals(types.get(at - 1)))
                .map(types::get)
                .toList();
    }

    /** The texts of all messages. */
    static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .map(ResponseOutputMessage::content)
                .flatMap(List::stream)
                .map(part -> part.asOutputText().text())
                .collect(Collectors.joining());
    }

    /** The summary of the reasoning. */
    static String summary(Response response) {
        return response.output().stream()
                .flatMap(item -> item.reasoning().stream())
                .flatMap(item -> item.summary().stream())
                .map(part -> part.text())
                .collect(Collectors.joining());
    }

    /** The only item of this kind. */
    static <T> T only(Response response, Function<ResponseOutputItem, Optional<T>> kind) {
        var items = response.output().stream()
                .flatMap(item -> kind.apply(item).stream())
                .toList();
        assertThat(items).hasSize(1);
        return items.get(0);
    }

    static void check(ResponseUsage usage) {
        assertThat(usage.inputTokens()).isEqualTo(125);
        assertThat(usage.inputTokensDetails().cachedTokens()).isEqualTo(100);
        assertThat(usage.outputTokens()).isEqualTo(12);
        assertThat(usage.outputTokensDetails().reasoningTokens()).isEqualTo(4);
        assertThat(usage.totalTokens()).isEqualTo(137);
    }

    private static String json(ResponseStreamEvent event) {
        try {
            return ObjectMappers.jsonMapper().writeValueAsString(event);
        } catch (JsonProcessingException never) {
            throw new AssertionError(never);
        }
    }
}
