package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
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
