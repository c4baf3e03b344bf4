package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.errors.SseException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * What programs made with Spring AI ask its OpenAI client for, they get from Claude through Warder. Spring AI needs
 * libraries in versions of its own, so that this runs in a virtual machine of its own.
 */
@Tag("spring-ai")
class SpringAiContract extends OpenAiGround {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** The program's tools. */
    public static final class Tools {
        @Tool(description = "The weather in a city")
        public String weather(String city) {
            return weatherIn(city);
        }

        @Tool(description = "What time it is")
        public String clock() {
            return "It is noon.";
        }
    }

    @Test
    void getsACompletion() throws Exception {
        upstream.script(GREETING.whole());
        var answer = Optional.ofNullable(hello(options()).call().chatResponse()).orElseThrow();
        assertThat(text(answer)).isEqualTo(GREETING_TEXT);
        check(answer.getMetadata());
        var sent = sent();
        assertThat(sent.stream()).isFalse();
        assertThat(sent.last().toString()).contains("\"Hello\"");
    }

    @Test
    void getsAStreamPieceByPiece() throws Exception {
        upstream.script(GREETING.streamed());
        var pieces = hello(options().streamUsage(true)).stream().chatResponse().collectList();
        List<ChatResponse> answers = Optional.ofNullable(pieces.block(LIMIT)).orElseThrow();
        assertThat(answers.stream().map(SpringAiContract::text))
                .containsSubsequence("Good ", "day, Z", "ürich \uD83C\uDF27.");
        assertThat(String.join("", answers.stream().map(SpringAiContract::text).toList()))
                .isEqualTo(GREETING_TEXT);
        check(answers.get(answers.size() - 1).getMetadata());
        assertThat(sent().stream()).isTrue();
    }

    @Test
    void usesToolsTurnByTurn() throws Exception {
        scriptToolTurns();
        assertThat(weather().call().content()).isEqualTo(REPORT_TEXT);
        checkToolTurns();
    }

    @Test
    void usesToolsInStreams() throws Exception {
        scriptStreamedToolTurns();
        var pieces =
                Optional.ofNullable(weather().stream().content().collectList().block(LIMIT));
        assertThat(String.join("", pieces.orElseThrow())).endsWith(REPORT_TEXT);
        checkToolTurns();
    }

    @Test
    void getsAStructuredAnswerAsAnObject() throws Exception {
        upstream.script(PERSON.whole());
        assertThat(hello(options()).call().entity(Person.class, spec -> spec.useProviderStructuredOutput()))
                .isEqualTo(new Person("Ada", 1815));
        checkPersonAsked();
    }

    @Test
    void showsPicturesAndDocuments() throws Exception {
        upstream.script(GREETING.whole());
        var png = new ByteArrayResource(Base64.getDecoder().decode(PNG));
        var pdf = new ByteArrayResource(Base64.getDecoder().decode(PDF));
        var picture = URI.create(PICTURE).toURL();
        var answer = ChatClient.create(model(options()))
                .prompt()
                .user(user -> user.text("What is this?")
                        .media(MimeTypeUtils.IMAGE_PNG, png)
                        .media(MimeTypeUtils.IMAGE_JPEG, picture)
                        .media(MimeType.valueOf("application/pdf"), pdf))
                .call();
        assertThat(answer.content()).isEqualTo(GREETING_TEXT);
        checkSight();
    }

    @Test
    void raisesTheErrorEventInMidStream() {
        upstream.script(errorInStream());
        var raised = catchThrowableOfType(
                SseException.class,
                () -> hello(options()).stream().content().collectList().block(LIMIT));
        assertThat(raised.code()).contains("overloaded");
        assertThat(raised).hasMessageContaining("too many");
    }

    @Test
    void closesTheUpstreamWhenTheProgramCancelsTheStream() throws Exception {
        upstream.script(endlessStream());
        assertThat(hello(options()).stream().content().blockFirst(LIMIT)).isEqualTo("on ");
        upstream.take().awaitPeerClosed(SOON);
    }

    private OpenAiChatOptions.Builder options() {
        return OpenAiChatOptions.builder()
                .baseUrl(address())
                .apiKey(ACCESS_TOKEN)
                .model(ALIAS)
                .maxRetries(0);
    }

    private static OpenAiChatModel model(OpenAiChatOptions.Builder options) {
        return OpenAiChatModel.builder().options(options.build()).build();
    }

    private static ChatClient.ChatClientRequestSpec hello(OpenAiChatOptions.Builder options) {
        return ChatClient.create(model(options)).prompt().user("Hello");
    }

    private ChatClient.ChatClientRequestSpec weather() {
        return ChatClient.create(model(options()))
                .prompt()
                .user("What is the weather?")
                .tools(new Tools());
    }

    private static String text(ChatResponse answer) {
        return Optional.ofNullable(answer.getResult())
                .map(result -> result.getOutput().getText())
                .orElse("");
    }

    private static void check(ChatResponseMetadata metadata) {
        assertThat(metadata.getId()).startsWith("chatcmpl-");
        assertThat(metadata.getModel()).isEqualTo(ALIAS);
        var usage = metadata.getUsage();
        assertThat(usage.getPromptTokens()).isEqualTo(125);
        assertThat(usage.getCompletionTokens()).isEqualTo(12);
        assertThat(usage.getTotalTokens()).isEqualTo(137);
        assertThat(usage.getCacheReadInputTokens()).isEqualTo(100);
    }
}
