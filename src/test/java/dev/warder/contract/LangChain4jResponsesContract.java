package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.warder.testkit.Container;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs made with LangChain4j request by its client of the Responses API, they get from Claude through Warder. */
class LangChain4jResponsesContract extends LangChain4jGround {
    LangChain4jResponsesContract(Container.Starter starter) {
        super(starter);
    }

    @Test
    void getsAResponse() throws Exception {
        upstream.script(GREETING.whole());
        check(model().build().chat(UserMessage.from("Hello")));
        assertThat(sent().last().toString()).contains("\"Hello\"");
    }

    @Test
    void getsAStreamPieceByPiece() throws Exception {
        upstream.script(GREETING.streamed());
        var read = StreamedAnswer.of(streaming().build(), "Hello");
        check(read.whole());
        assertThat(read.pieces()).containsExactly("Good ", "day, Z", "ürich \uD83C\uDF27.");
        assertThat(sent().stream()).isTrue();
    }

    @Test
    void usesToolsTurnByTurn() throws Exception {
        scriptToolTurns();
        var assistant = AiServices.builder(Assistant.class)
                .chatModel(model().build())
                .tools(new Tools())
                .build();
        assertThat(assistant.chat("What is the weather?")).isEqualTo(REPORT_TEXT);
        checkToolsAndThinking();
    }

    @Test
    void usesToolsInStreams() throws Exception {
        scriptStreamedToolTurns();
        var narrator = AiServices.builder(Narrator.class)
                .streamingChatModel(streaming().build())
                .tools(new Tools())
                .build();
        assertThat(StreamedAnswer.of(narrator.chat("What is the weather?"))
                        .whole()
                        .aiMessage()
                        .text())
                .isEqualTo(REPORT_TEXT);
        checkToolsAndThinking();
    }

    @Test
    void getsAStructuredResponseAsAnObject() throws Exception {
        upstream.script(PERSON.whole());
        var registrar = AiServices.create(
                Registrar.class, model().strictJsonSchema(true).build());
        assertThat(registrar.find("Who wrote the first program?")).isEqualTo(new Person("Ada", 1815));
    }

    @Test
    void showsPicturesAndDocuments() throws Exception {
        upstream.script(GREETING.whole());
        var message = UserMessage.from(
                TextContent.from("What is this?"),
                ImageContent.from(PNG, "image/png"),
                ImageContent.from(URI.create(PICTURE)),
                PdfFileContent.from(PDF, "application/pdf"));
        check(model().build().chat(message));
        checkSight();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, the reason",
        "404, not_found_error, model: claude-none",
        "429, rate_limit_error, the reason",
        "500, api_error, the reason",
        "529, overloaded_error, the reason"
    })
    void raisesTheUpstreamsErrorAsItsOwn(int status, String type, String message) {
        upstream.script(error(status, type, message));
        assertThat(raisedBy(model().build())).isInstanceOf(exceptionFor(status)).hasMessageContaining(message);
    }

    @Test
    void refusesAWrongAccessToken() {
        var wrong = "wrong-" + "access1".repeat(4);
        assertThat(raisedBy(model().apiKey(wrong).build())).isInstanceOf(AuthenticationException.class);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void namesTheParameterThatCannotBeServed() {
        assertThat(raisedBy(model().previousResponseId("resp_1").build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("previous_response_id");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void raisesTheErrorEventInMidStream() {
        upstream.script(errorInStream());
        var raised = catchThrowable(() -> StreamedAnswer.of(streaming().build(), "Hello"));
        assertThat(raised).rootCause().hasMessageContaining("too many");
    }

    @Test
    void closesTheUpstreamWhenTheProgramCancelsTheStream() throws Exception {
        upstream.script(endlessStream());
        StreamedAnswer.cancelled(streaming().build(), "Hello");
        upstream.take().awaitPeerClosed(SOON);
    }

    private OpenAiResponsesChatModel.Builder model() {
        return OpenAiResponsesChatModel.builder()
                .baseUrl(address())
                .apiKey(Contract.ACCESS_TOKEN)
                .modelName(ALIAS)
                .store(false)
                .include(List.of("reasoning.encrypted_content"));
    }

    private OpenAiResponsesStreamingChatModel.Builder streaming() {
        return OpenAiResponsesStreamingChatModel.builder()
                .baseUrl(address())
                .apiKey(Contract.ACCESS_TOKEN)
                .modelName(ALIAS)
                .store(false)
                .include(List.of("reasoning.encrypted_content"));
    }

    private static void check(ChatResponse response) {
        assertThat(response.aiMessage().text()).isEqualTo(GREETING_TEXT);
        var metadata = (OpenAiResponsesChatResponseMetadata) response.metadata();
        assertThat(metadata.id()).startsWith("resp_");
        assertThat(metadata.modelName()).isEqualTo(ALIAS);
        assertThat(metadata.finishReason()).isEqualTo(FinishReason.STOP);
        var usage = metadata.tokenUsage();
        assertThat(usage.inputTokenCount()).isEqualTo(125);
        assertThat(usage.outputTokenCount()).isEqualTo(12);
        assertThat(usage.totalTokenCount()).isEqualTo(137);
        assertThat(usage.inputTokensDetails().cachedTokens()).isEqualTo(100);
        assertThat(usage.outputTokensDetails().reasoningTokens()).isEqualTo(4);
    }
}
