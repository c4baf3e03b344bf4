package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs made with LangChain4j ask its OpenAI client for, they get from Claude through Warder. */
class LangChain4jContract extends LangChain4jGround {
    LangChain4jContract() {
        super("chatcmpl-", OpenAiChatResponseMetadata.class);
    }

    @Override
    ChatModel program() {
        return model().build();
    }

    /** It asks for the usage of every stream. */
    @Override
    StreamingChatModel streamingProgram() {
        return streaming().build();
    }

    @Override
    void checkTurns() throws InterruptedException {
        checkToolTurns();
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
    void getsAStructuredAnswerAsAnObject() throws Exception {
        upstream.script(PERSON.whole());
        var model = model().supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .strictJsonSchema(true);
        var registrar = AiServices.create(Registrar.class, model.build());
        assertThat(registrar.find("Who wrote the first program?")).isEqualTo(new Person("Ada", 1815));
        checkPersonAsked();
    }

    @Test
    void listsModels() {
        scriptModels();
        var catalog = OpenAiModelCatalog.builder().baseUrl(address()).apiKey(ACCESS_TOKEN);
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

    private OpenAiChatModel.OpenAiChatModelBuilder model() {
        return OpenAiChatModel.builder()
                .baseUrl(address())
                .apiKey(ACCESS_TOKEN)
                .modelName(ALIAS)
                .maxRetries(0);
    }

    private OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder streaming() {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(address())
                .apiKey(ACCESS_TOKEN)
                .modelName(ALIAS);
    }
}
