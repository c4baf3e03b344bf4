package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.warder.testkit.Container;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs made with LangChain4j ask its OpenAI client for, they get from Claude through Warder. */
class LangChain4jContract extends LangChain4jGround {
    LangChain4jContract(Container.Starter starter) {
        super(starter);
    }

    @Test
    void getsACompletion() throws Exception {
        upstream.script(GREETING.whole());
        var answer = model().returnThinking(true).build().chat(UserMessage.from("Hello"));
        check(answer);
        assertThat(answer.aiMessage().thinking()).isEqualTo("A greeting, so I greet.");
        var sent = sent();
        assertThat(sent.stream()).isFalse();
        assertThat(sent.last().toString()).contains("\"Hello\"");
    }

    @Test
    void getsAStreamPieceByPiece() throws Exception {
        upstream.script(GREETING.streamed());
        var told = StreamedAnswer.of(streaming().returnThinking(true).build(), "Hello");
        check(told.whole());
        assertThat(told.pieces()).containsExactly("Good ", "day, Z", "ürich \uD83C\uDF27.");
        assertThat(told.thoughts()).containsExactly("A greeting, so I greet.");
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
        checkToolTurns();
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
        checkToolTurns();
    }

    @Test
    void getsAStructuredAnswerAsAnObject() throws Exception {
        upstream.script(PERSON.whole());
        var model = model().supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .strictJsonSchema(true);
        var registrar = AiServices.create(Registrar.class, model.build());
        assertThat(registrar.find("Who wrote the first program?")).isEqualTo(new Person("Ada", 1815));
        checkPersonAsked();
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

    @Test
    void listsModels() {
        var model = SdkAnswers.MODEL.replace("claude-opus-5-5", ApiMessage.MODEL);
        upstream.on("/v1/models", (request, reply) -> reply.json(200, SdkAnswers.list(model, ApiMessage.MODEL)));
        var catalog = OpenAiModelCatalog.builder().baseUrl(address()).apiKey(Contract.ACCESS_TOKEN);
        assertThat(catalog.build().listModels())
                .extracting(description -> description.name())
                .containsExactly(ApiMessage.MODEL, ALIAS);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, as told",
        "404, not_found_error, model: claude-none",
        "429, rate_limit_error, as told",
        "500, api_error, as told",
        "529, overloaded_error, as told"
    })
    void raisesTheUpstreamsErrorAsItsOwn(int status, String type, String message) {
        upstream.script(error(status, type, message));
        assertThat(raisedBy(model().build()))
                .isInstanceOf(exceptionFor(status))
                .hasMessageContaining(message)
                .hasMessageContaining("\"param\":");
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

    private OpenAiChatModel.OpenAiChatModelBuilder model() {
        return OpenAiChatModel.builder()
                .baseUrl(address())
                .apiKey(Contract.ACCESS_TOKEN)
                .modelName(ALIAS)
                .maxRetries(0);
    }

    private OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder streaming() {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(address())
                .apiKey(Contract.ACCESS_TOKEN)
                .modelName(ALIAS);
    }

    /** It asks for the usage of every stream. */
    private static void check(ChatResponse answer) {
        assertThat(answer.aiMessage().text()).isEqualTo(GREETING_TEXT);
        var metadata = (OpenAiChatResponseMetadata) answer.metadata();
        assertThat(metadata.id()).startsWith("chatcmpl-");
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
