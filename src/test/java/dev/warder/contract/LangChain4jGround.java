package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import dev.warder.testkit.SecretWatch;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Ground of the contracts of LangChain4j: programs, their tools, and the errors that they catch. */
abstract class LangChain4jGround extends OpenAiGround {
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

    private final String idPrefix;
    private final Class<? extends ChatResponseMetadata> metadata;

    /** Of a client whose responses have ids and metadata of this kind. */
    LangChain4jGround(String idPrefix, Class<? extends ChatResponseMetadata> metadata) {
        this.idPrefix = idPrefix;
        this.metadata = metadata;
    }

    abstract ChatModel program();

    abstract StreamingChatModel streamingProgram();

    /** Every turn of a use of tools came upstream. */
    abstract void checkTurns() throws InterruptedException;

    @Test
    final void usesToolsTurnByTurn() throws Exception {
        scriptToolTurns();
        var assistant = AiServices.builder(Assistant.class)
                .chatModel(program())
                .tools(new Tools())
                .build();
        assertThat(assistant.chat("What is the weather?")).isEqualTo(REPORT_TEXT);
        checkTurns();
    }

    @Test
    final void usesToolsInStreams() throws Exception {
        scriptStreamedToolTurns();
        var narrator = AiServices.builder(Narrator.class)
                .streamingChatModel(streamingProgram())
                .tools(new Tools())
                .build();
        var read = StreamedAnswer.of(narrator.chat("What is the weather?"));
        assertThat(read.whole().aiMessage().text()).isEqualTo(REPORT_TEXT);
        checkTurns();
    }

    @Test
    final void showsPicturesAndDocuments() throws Exception {
        upstream.script(GREETING.whole());
        var message = UserMessage.from(
                TextContent.from("What is this?"),
                ImageContent.from(PNG, "image/png"),
                ImageContent.from(URI.create(PICTURE)),
                PdfFileContent.from(PDF, "application/pdf"));
        check(program().chat(message));
        checkSight();
    }

    @Test
    final void raisesTheErrorEventInMidStream() {
        upstream.script(errorInStream());
        var raised = catchThrowable(() -> StreamedAnswer.of(streamingProgram(), "Hello"));
        assertThat(raised).rootCause().hasMessageContaining("too many");
    }

    @Test
    final void closesTheUpstreamWhenTheProgramCancelsTheStream() throws Exception {
        upstream.script(endlessStream());
        StreamedAnswer.cancelled(streamingProgram(), "Hello");
        upstream.take().awaitPeerClosed(SOON);
    }

    final void check(ChatResponse response) {
        assertThat(response.aiMessage().text()).isEqualTo(GREETING_TEXT);
        assertThat(response.metadata()).isInstanceOf(metadata);
        assertThat(response.metadata().id()).startsWith(idPrefix);
        assertThat(response.metadata().modelName()).isEqualTo(ALIAS);
        assertThat(response.metadata().finishReason()).isEqualTo(FinishReason.STOP);
        var usage = (OpenAiTokenUsage) response.metadata().tokenUsage();
        assertThat(usage.inputTokenCount()).isEqualTo(125);
        assertThat(usage.outputTokenCount()).isEqualTo(12);
        assertThat(usage.totalTokenCount()).isEqualTo(137);
        assertThat(usage.inputTokensDetails().cachedTokens()).isEqualTo(100);
        assertThat(usage.outputTokensDetails().reasoningTokens()).isEqualTo(4);
    }

    static LangChain4jException raisedBy(ChatModel model) {
        var raised = catchThrowableOfType(LangChain4jException.class, () -> model.chat("Hello"));
        SecretWatch.check("an error of LangChain4j", String.valueOf(raised));
        return raised;
    }

    static Class<? extends LangChain4jException> exceptionFor(int status) {
        return switch (status) {
            case 400 -> InvalidRequestException.class;
            case 404 -> ModelNotFoundException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }
}
