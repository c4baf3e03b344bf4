package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.service.AiServices;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What programs made with LangChain4j request by its client of the Responses API, they get from Claude through Warder. */
class LangChain4jResponsesContract extends LangChain4jGround {
    LangChain4jResponsesContract() {
        super("resp_", OpenAiResponsesChatResponseMetadata.class);
    }

    @Override
    ChatModel program() {
        return model().build();
    }

    @Override
    StreamingChatModel streamingProgram() {
        return OpenAiResponsesStreamingChatModel.builder()
                .baseUrl(address())
                .apiKey(ACCESS_TOKEN)
                .modelName(ALIAS)
                .store(false)
                .include(List.of("reasoning.encrypted_content"))
                .build();
    }

    @Override
    void checkTurns() throws InterruptedException {
        checkToolsAndThinking();
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
        var read = StreamedAnswer.of(streamingProgram(), "Hello");
        check(read.whole());
        assertThat(read.pieces()).containsExactly("Good ", "day, Z", "ürich \uD83C\uDF27.");
        assertThat(sent().stream()).isTrue();
    }

    @Test
    void getsAStructuredResponseAsAnObject() throws Exception {
        upstream.script(PERSON.whole());
        var registrar = AiServices.create(
                Registrar.class, model().strictJsonSchema(true).build());
        assertThat(registrar.find("Who wrote the first program?")).isEqualTo(new Person("Ada", 1815));
    }

    private OpenAiResponsesChatModel.Builder model() {
        return OpenAiResponsesChatModel.builder()
                .baseUrl(address())
                .apiKey(ACCESS_TOKEN)
                .modelName(ALIAS)
                .store(false)
                .include(List.of("reasoning.encrypted_content"));
    }
}
