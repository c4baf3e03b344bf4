package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import dev.warder.testkit.Container;
import dev.warder.testkit.SecretWatch;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs made with LangChain4j request by its client of the Responses API, they get from Claude through Warder. */
class LangChain4jResponsesContract extends OpenAiGround {
    LangChain4jResponsesContract(Container.Starter starter) {
        super(starter);
    }

    /** A program that waits for whole responses. */
    public interface Assistant {
        String chat(String message);
    }

    /** A program that reads streams. */
    public interface Narrator {
        TokenStream chat(String message);
    }

    /** A program that wants an object. */
    public interface Registrar {
        Person find(String message);
    }

    /** What a structured response is read into. */
    public record Person(String name, int born) {}

    /** The program's tools. */
    public static final class Tools {
        @Tool("The weather in a city")
        public String weather(String city) {
            return weatherIn(city);
        }

        @Tool("What time it is")
        public String clock() {
            return "It is noon.";
        }
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

    private static LangChain4jException raisedBy(OpenAiResponsesChatModel model) {
        var raised = catchThrowableOfType(LangChain4jException.class, () -> model.chat("Hello"));
        SecretWatch.check("an error of LangChain4j", String.valueOf(raised));
        return raised;
    }

    private static Class<? extends LangChain4jException> exceptionFor(int status) {
        return switch (status) {
            case 400 -> InvalidRequestException.class;
            case 404 -> ModelNotFoundException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }
}
