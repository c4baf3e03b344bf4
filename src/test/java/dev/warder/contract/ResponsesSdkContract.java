package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.responses.Response;
import com.openai.models.responses.Response.IncompleteDetails;
import com.openai.models.responses.ResponseInputFile;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponse;
import com.openai.models.responses.inputtokens.InputTokenCountParams;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What OpenAI's own SDK requests from the Responses API, it gets from Claude through Warder, in OpenAI's form. */
class ResponsesSdkContract extends ResponsesGround {
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
        var client = client(OpenAIOkHttpClient.builder()
                .apiKey(Contract.OWN_KEY)
                .putHeader("X-Warder-Token", Contract.ACCESS_TOKEN));
        assertThat(text(client.responses().create(question().build()))).isEqualTo(GREETING_TEXT);
        SentMessage.of(upstream.take(), Contract.OWN_KEY);
    }

    @Test
    void getsAStreamEventByEvent() throws Exception {
        var firstRead = new CountDownLatch(1);
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
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
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
        var response = client().responses().create(question().text(Person.class).build());
        assertPerson(response);
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
        upstream.on("/v1/messages/count_tokens", (request, reply) -> reply.json(200, "{\"input_tokens\":42}"));
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
}
