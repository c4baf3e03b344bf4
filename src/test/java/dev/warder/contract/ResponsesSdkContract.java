package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.responses.CustomTool;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.Response.IncompleteDetails;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseCustomToolCallOutput;
import com.openai.models.responses.ResponseError;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputFile;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import com.openai.models.responses.StructuredResponse;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import dev.warder.testkit.Script;
import jakarta.json.JsonNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What OpenAI's own SDK requests from the Responses API, it gets from Claude through Warder, in OpenAI's form.
 *
 * <p>Errors reach a client of the Responses API as OpenAI would report them, before a stream and within it.
 *
 * <p>Programs with OpenAI's own SDK use tools over several turns; thinking comes upstream again with them.
 *
 * <p>Clients of the Responses API made with OpenAI's own SDK, which refuse every response and event that is not in
 * OpenAI's form.
 */
class ResponsesSdkContract extends OpenAiSdkGround {
    @Test
    void getsAResponse() throws Exception {
        upstream.script(GREETING.whole());
        var response = create(thoughtfulQuestion().instructions("Be brief.").maxOutputTokens(64));
        assertThat(response.id()).startsWith("resp_");
        assertThat(response.model().string()).contains(ALIAS);
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        assertThat(response.error()).isEmpty();
        assertThat(response.incompleteDetails()).isEmpty();
        assertThat(response.instructions().orElseThrow().asString()).isEqualTo("Be brief.");
        assertThat(text(response)).isEqualTo(GREETING_TEXT);
        assertThat(summary(response)).isEqualTo("A greeting, so I greet.");
        check(response.usage().orElseThrow());
        var sent = sent();
        assertThat(sent.stream()).isFalse();
        assertThat(sent.body().maxTokens()).isEqualTo(64);
        assertThat(sent.body().system().orElseThrow().toString()).contains("Be brief.");
        assertThat(sent.last().toString()).contains("\"Hello\"");
    }

    @Test
    void showsNoThinkingThatWasNotAskedFor() {
        upstream.script(GREETING.whole());
        var response = create(question());
        assertThat(text(response)).isEqualTo(GREETING_TEXT);
        assertThat(summary(response)).isEmpty();
        assertThat(response.output().stream().flatMap(item -> item.reasoning().stream()))
                .allSatisfy(item -> assertThat(item.encryptedContent()).isEmpty());
    }

    @Test
    void comesWithAKeyOfItsOwn() throws Exception {
        upstream.script(GREETING.whole());
        var client = client(OpenAIOkHttpClient.builder().apiKey(OWN_KEY).putHeader("X-Warder-Token", ACCESS_TOKEN));
        assertThat(text(client.responses().create(question().build()))).isEqualTo(GREETING_TEXT);
        SentMessage.of(upstream.take(), OWN_KEY);
    }

    @Test
    void getsAStreamEventByEvent() throws Exception {
        var firstRead = latch();
        upstream.script(pieceByPiece(firstRead));
        var events = new ArrayList<ResponseStreamEvent>();
        try (var stream =
                client().responses().createStreaming(thoughtfulQuestion().build())) {
            var read = stream.stream().iterator();
            events.add(read.next().validate());
            firstRead.countDown();
            read.forEachRemaining(event -> events.add(event.validate()));
        }
        assertThat(types(events))
                .hasToString("[response.created, response.in_progress, response.output_item.added, "
                        + "response.reasoning_summary_part.added, response.reasoning_summary_text.delta, "
                        + "response.reasoning_summary_text.done, response.reasoning_summary_part.done, "
                        + "response.output_item.done, response.output_item.added, response.content_part.added, "
                        + "response.output_text.delta, response.output_text.done, response.content_part.done, "
                        + "response.output_item.done, response.completed]");
        var response = whole(events);
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        assertThat(text(response)).isEqualTo(GREETING_TEXT);
        assertThat(summary(response)).isEqualTo("A greeting, so I greet.");
        check(response.usage().orElseThrow());
        assertThat(sent().stream()).isTrue();
    }

    @Test
    void getsAStructuredResponseAsAnObject() throws Exception {
        upstream.script(PERSON.whole());
        assertPerson(client().responses().create(question().text(Person.class).build()));
        checkPersonAsked();
    }

    @Test
    void getsAStructuredResponseAsAStream() throws Exception {
        upstream.script(PERSON.streamed());
        try (var stream = client().responses()
                .createStreaming(question().text(Person.class).build())) {
            var events = stream.stream().map(ResponseStreamEvent::validate).toList();
            assertPerson(new StructuredResponse<>(Person.class, whole(events)));
        }
        checkPersonAsked();
    }

    @Test
    void showsPicturesAndDocuments() throws Exception {
        upstream.script(GREETING.whole());
        var message = ResponseInputItem.Message.builder()
                .role(ResponseInputItem.Message.Role.USER)
                .addInputTextContent("What is this?")
                .addContent(picture("data:image/png;base64," + PNG))
                .addContent(picture(PICTURE))
                .addContent(ResponseInputFile.builder()
                        .filename("rain.pdf")
                        .fileData("data:application/pdf;base64," + PDF)
                        .build())
                .build();
        create(question().inputOfResponse(List.of(ResponseInputItem.ofMessage(message))));
        checkSight();
    }

    @Test
    void countsTheTokensOfTheInput() throws Exception {
        upstream.on("/v1/messages/count_tokens", json(200, "{\"input_tokens\":42}"));
        var count = client().responses()
                .inputTokens()
                .count(InputTokenCountParams.builder()
                        .model(ALIAS)
                        .instructions("Be brief.")
                        .input("Hello")
                        .build())
                .validate();
        assertThat(count.inputTokens()).isEqualTo(42);
        var sent = upstream.take();
        assertThat(sent.path()).isEqualTo("/v1/messages/count_tokens");
        assertThat(sent.text()).contains("Hello", "Be brief.").doesNotContain("max_tokens");
    }

    @Test
    void seesARefusal() {
        for (var script : List.of(refusal().whole(), refusal().streamed())) {
            upstream.script(script);
            var response = whole(stream(question()));
            assertThat(response.status()).contains(ResponseStatus.COMPLETED);
            var parts = only(response, ResponseOutputItem::message).content();
            assertThat(parts.get(parts.size() - 1).asRefusal().refusal()).isNotEmpty();
        }
    }

    @Test
    void seesThatTheMaximumWasReached() {
        var cut = new ApiMessage("max_tokens", List.of(ApiBlock.text("Half a word")));
        upstream.script(cut.whole());
        checkIncomplete(create(question()));
        upstream.script(cut.streamed());
        var events = stream(question());
        assertThat(types(events)).endsWith("response.incomplete").doesNotContain("response.completed");
        checkIncomplete(whole(events));
    }

    private static ApiMessage refusal() {
        return new ApiMessage("refusal", List.of(ApiBlock.text("I can")));
    }

    private static void checkIncomplete(Response response) {
        assertThat(response.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(response.incompleteDetails().flatMap(IncompleteDetails::reason))
                .contains(IncompleteDetails.Reason.MAX_OUTPUT_TOKENS);
        assertThat(text(response)).isEqualTo("Half a word");
    }

    private static void assertPerson(StructuredResponse<Person> response) {
        var message = response.output().stream()
                .flatMap(item -> item.message().stream())
                .toList();
        assertThat(message).hasSize(1);
        assertThat(message.get(0).content().get(0).asOutputText()).isEqualTo(new Person("Ada", 1815));
    }

    private static ResponseInputImage picture(String url) {
        return ResponseInputImage.builder()
                .detail(ResponseInputImage.Detail.AUTO)
                .imageUrl(url)
                .build();
    }

    @Test
    void endsAStreamAsFailedAtAnErrorEvent() {
        assertThat(failure(errorInStream()).message()).contains("too many");
    }

    @Test
    void endsAStreamAsFailedWhenTheUpstreamIsLost() {
        assertThat(failure(lostStream()).code()).isEqualTo(ResponseError.Code.SERVER_ERROR);
    }

    @Test
    void closesTheUpstreamWhenTheProgramClosesTheStream() throws Exception {
        upstream.script(endlessStream());
        try (var stream = client().responses().createStreaming(question().build())) {
            assertThat(stream.stream()
                            .filter(ResponseStreamEvent::isOutputTextDelta)
                            .findFirst())
                    .isPresent();
        }
        upstream.take().awaitPeerClosed(SOON);
    }

    /** The error of the response that a stream ends with, after the text so far. */
    private ResponseError failure(Script script) {
        upstream.script(script);
        var events = stream(question());
        assertThat(types(events)).endsWith("response.failed").contains("response.output_text.delta");
        var response = events.get(events.size() - 1).asFailed().response();
        assertThat(response.status()).contains(ResponseStatus.FAILED);
        assertThat(response.output()).noneMatch(ResponseOutputItem::isFunctionCall);
        return response.error().orElseThrow();
    }

    @Test
    void usesToolsTurnByTurn() throws Exception {
        scriptToolTurns();
        converse(this::create);
        checkToolsAndThinking();
    }

    @Test
    void usesToolsInStreams() throws Exception {
        scriptStreamedToolTurns();
        converse(request -> whole(stream(request)));
        checkToolsAndThinking();
    }

    @Test
    void usesAToolWhoseInputIsText() throws Exception {
        var call = ApiMessage.asked(
                ApiBlock.toolUse("toolu_01sql", "sql", "{\"input\":\"SEL", "ECT \\\"a\\", "\" -- \\u00", "fc\"}"));
        next(call.streamed(), REPORT.whole());
        var tool = CustomTool.builder().name("sql").formatText().build();
        var events = stream(question().addTool(tool));
        assertThat(types(events))
                .containsSubsequence(
                        "response.output_item.added",
                        "response.custom_tool_call_input.delta",
                        "response.custom_tool_call_input.done",
                        "response.output_item.done");
        var made = only(whole(events), ResponseOutputItem::customToolCall);
        assertThat(made.name()).isEqualTo("sql");
        assertThat(made.input()).isEqualTo("SELECT \"a\" -- ü");
        create(question()
                .addTool(tool)
                .inputOfResponse(List.of(
                        said("Hello"),
                        ResponseInputItem.ofCustomToolCall(made),
                        ResponseInputItem.ofCustomToolCallOutput(ResponseCustomToolCallOutput.builder()
                                .callId(made.callId())
                                .output("1 row")
                                .build()))));
        sent();
        var again = sent();
        assertThat(again.blocks(1)).containsExactly(call.content().get(0).whole());
        assertThat(again.blocks().get(0).toString()).contains("toolu_01sql", "1 row");
    }

    private static ResponseInputItem said(String text) {
        return ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content(text)
                .build());
    }

    /** Goes on until the model wants no tool any more; every item of a response is part of the next input. */
    private static void converse(Function<ResponseCreateParams.Builder, Response> create) {
        var input = new ArrayList<>(List.of(said("What is the weather?")));
        var request = thoughtfulQuestion()
                .addTool(Weather.class)
                .addTool(FunctionTool.builder()
                        .name("clock")
                        .description("What time it is")
                        .parameters(FunctionTool.Parameters.builder().build())
                        .strict(false)
                        .build());
        var response = create.apply(request.inputOfResponse(List.copyOf(input)));
        while (response.output().stream().anyMatch(ResponseOutputItem::isFunctionCall)) {
            for (var item : response.output()) {
                input.add(again(item));
            }
            response.output().stream()
                    .flatMap(item -> item.functionCall().stream())
                    .forEach(call -> input.add(result(call)));
            response = create.apply(request.inputOfResponse(List.copyOf(input)));
        }
        assertThat(text(response)).isEqualTo(REPORT_TEXT);
    }

    private static ResponseInputItem again(ResponseOutputItem item) {
        return item.message()
                .map(ResponseInputItem::ofResponseOutputMessage)
                .or(() -> item.reasoning().map(ResponseInputItem::ofReasoning))
                .or(() -> item.functionCall().map(ResponseInputItem::ofFunctionCall))
                .orElseThrow();
    }

    private static ResponseInputItem result(ResponseFunctionToolCall call) {
        var result = call.name().equals("clock")
                ? "It is noon."
                : weatherIn(call.arguments(Weather.class).city());
        return ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output(result)
                .build());
    }

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
