package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletion.Choice.FinishReason;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.models.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What OpenAI's own SDK asks for, it gets from Claude through Warder, in the very form that it holds to be OpenAI's. */
class OpenAiSdkContract extends OpenAiSdkGround {
    @Test
    void getsACompletion() throws Exception {
        upstream.script(GREETING.whole());
        var completion = create(hello().addSystemMessage("Be brief.").maxCompletionTokens(64));
        assertThat(completion.id()).startsWith("chatcmpl-");
        assertThat(completion.model()).isEqualTo(ALIAS);
        var choice = completion.choices().get(0);
        assertThat(choice.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(choice.message().content()).contains(GREETING_TEXT);
        assertThat(choice.message().refusal()).isEmpty();
        assertThat(choice.message().toolCalls()).isEmpty();
        assertThat(choice.message()._allProperties())
                .containsEntry("reasoning_content", JsonValue.from("A greeting, so I greet."));
        check(completion.usage().orElseThrow());
        var sent = sent();
        assertThat(sent.stream()).isFalse();
        assertThat(sent.body().maxTokens()).isEqualTo(64);
        assertThat(sent.body().system().orElseThrow().toString()).contains("Be brief.");
        assertThat(sent.last().toString()).contains("\"Hello\"");
    }

    @Test
    void comesWithAKeyOfItsOwn() throws Exception {
        upstream.script(GREETING.whole());
        var client = client(OpenAIOkHttpClient.builder()
                .apiKey(Contract.OWN_KEY)
                .putHeader("X-Warder-Token", Contract.ACCESS_TOKEN));
        assertThat(text(client.chat().completions().create(hello().build()))).isEqualTo(GREETING_TEXT);
        SentMessage.of(upstream.take(), Contract.OWN_KEY);
    }

    @Test
    void getsAStreamChunkByChunk() throws Exception {
        var firstRead = new CountDownLatch(1);
        upstream.script(pieceByPiece(firstRead));
        var chunks = new ArrayList<ChatCompletionChunk>();
        try (var stream = client().chat().completions().createStreaming(hello().build())) {
            var read = stream.stream().iterator();
            chunks.add(read.next());
            firstRead.countDown();
            read.forEachRemaining(chunks::add);
        }
        var whole = whole(chunks);
        assertThat(whole.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(text(whole)).isEqualTo(GREETING_TEXT);
        assertThat(reasoning(chunks)).isEqualTo("A greeting, so I greet.");
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.usage()).isEmpty());
        assertThat(sent().stream()).isTrue();
    }

    @Test
    void tellsTheUsageOfAStreamToThoseWhoAsk() throws Exception {
        upstream.script(GREETING.streamed());
        var chunks = stream(hello().streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build()));
        var last = chunks.get(chunks.size() - 1);
        assertThat(last.choices()).isEmpty();
        check(last.usage().orElseThrow());
        assertThat(chunks.subList(0, chunks.size() - 1))
                .allSatisfy(chunk -> assertThat(chunk.usage()).isEmpty());
    }

    @Test
    void usesToolsTurnByTurn() throws Exception {
        scriptToolTurns();
        converse(this::create);
        checkToolTurns();
    }

    @Test
    void usesToolsInStreams() throws Exception {
        scriptStreamedToolTurns();
        converse(request -> whole(stream(request)));
        checkToolTurns();
    }

    @Test
    void getsAStructuredAnswerAsAnObject() throws Exception {
        upstream.script(PERSON.whole());
        var completion = client().chat()
                .completions()
                .create(hello().responseFormat(Person.class).build());
        assertThat(completion.choices().get(0).message().content()).contains(new Person("Ada", 1815));
        checkPersonAsked();
    }

    @Test
    void getsAStructuredAnswerAsAStream() throws Exception {
        upstream.script(PERSON.streamed());
        var whole = ChatCompletionAccumulator.create();
        try (var stream = client().chat()
                .completions()
                .createStreaming(hello().responseFormat(Person.class).build())) {
            stream.stream().forEach(whole::accumulate);
        }
        var completion = whole.chatCompletion(Person.class);
        assertThat(completion.choices().get(0).message().content()).contains(new Person("Ada", 1815));
        checkPersonAsked();
    }

    @Test
    void showsPicturesAndDocuments() throws Exception {
        upstream.script(GREETING.whole());
        var text = ChatCompletionContentPartText.builder().text("What is this?").build();
        var file = ChatCompletionContentPart.File.FileObject.builder()
                .filename("rain.pdf")
                .fileData("data:application/pdf;base64," + PDF);
        create(ChatCompletionCreateParams.builder()
                .model(ALIAS)
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofText(text),
                        picture("data:image/png;base64," + PNG),
                        picture(PICTURE),
                        ChatCompletionContentPart.ofFile(ChatCompletionContentPart.File.builder()
                                .file(file.build())
                                .build()))));
        checkSight();
    }

    @Test
    void isServedBesideTheApiItself() throws Exception {
        upstream.script(GREETING.whole());
        scriptModels();
        var client = client(managed(), container.baseUri() + "/v1");
        assertThat(text(client.chat().completions().create(hello().build()).validate()))
                .isEqualTo(GREETING_TEXT);
        assertThat(client.models().retrieve(ApiMessage.MODEL).validate().ownedBy())
                .isNotEmpty();
        sent();
    }

    @Test
    void listsAndGetsModels() {
        scriptModels();
        var models = client().models();
        assertThat(models.list().autoPager())
                .allSatisfy(Model::validate)
                .extracting(Model::id)
                .containsExactly(ApiMessage.MODEL, ALIAS);
        var one = models.retrieve(ApiMessage.MODEL).validate();
        assertThat(one.id()).isEqualTo(ApiMessage.MODEL);
        assertThat(one.created()).isPositive();
        assertThat(one.ownedBy()).isNotEmpty();
    }

    /** How a program gets an answer. */
    private interface Asking {
        ChatCompletion ask(ChatCompletionCreateParams.Builder request);
    }

    /** Goes on until the model wants no tool any more. */
    private static void converse(Asking asking) {
        var request = ChatCompletionCreateParams.builder()
                .model(ALIAS)
                .addUserMessage("What is the weather?")
                .addTool(Weather.class)
                .addFunctionTool(FunctionDefinition.builder()
                        .name("clock")
                        .description("What time it is")
                        .build())
                .parallelToolCalls(true);
        var answer = asking.ask(request);
        while (answer.choices().get(0).finishReason().equals(FinishReason.TOOL_CALLS)) {
            var message = answer.choices().get(0).message();
            request.addMessage(message);
            message.toolCalls().orElseThrow().forEach(call -> request.addMessage(result(call.asFunction())));
            answer = asking.ask(request);
        }
        assertThat(text(answer)).isEqualTo(REPORT_TEXT);
    }

    private static ChatCompletionToolMessageParam result(ChatCompletionMessageFunctionToolCall call) {
        var function = call.function();
        var result = function.name().equals("clock")
                ? "It is noon."
                : weatherIn(function.arguments(Weather.class).city());
        return ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content(result)
                .build();
    }

    private static ChatCompletionContentPart picture(String url) {
        return ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                        .url(url)
                        .build())
                .build());
    }

    private ChatCompletion create(ChatCompletionCreateParams.Builder request) {
        return client().chat().completions().create(request.build()).validate();
    }

    private List<ChatCompletionChunk> stream(ChatCompletionCreateParams.Builder request) {
        try (var stream = client().chat().completions().createStreaming(request.build())) {
            return stream.stream().toList();
        }
    }

    /** All chunks are valid and of the same completion, which they make up. */
    private static ChatCompletion whole(List<ChatCompletionChunk> chunks) {
        var whole = ChatCompletionAccumulator.create();
        chunks.forEach(chunk -> whole.accumulate(chunk.validate()));
        assertThat(chunks)
                .extracting(ChatCompletionChunk::id)
                .containsOnly(chunks.get(0).id());
        assertThat(chunks).extracting(ChatCompletionChunk::model).containsOnly(ALIAS);
        assertThat(chunks.get(0).id()).startsWith("chatcmpl-");
        return whole.chatCompletion().validate();
    }

    private static String reasoning(List<ChatCompletionChunk> chunks) {
        var text = new StringBuilder();
        chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta()._allProperties().get("reasoning_content"))
                .forEach(piece -> text.append(piece == null ? "" : piece.asStringOrThrow()));
        return text.toString();
    }

    private static String text(ChatCompletion completion) {
        ChatCompletionMessage message = completion.choices().get(0).message();
        return message.content().orElseThrow();
    }

    private static void check(CompletionUsage usage) {
        assertThat(usage.promptTokens()).isEqualTo(125);
        assertThat(usage.completionTokens()).isEqualTo(12);
        assertThat(usage.totalTokens()).isEqualTo(137);
        assertThat(usage.promptTokensDetails().orElseThrow().cachedTokens()).contains(100L);
        assertThat(usage.completionTokensDetails().orElseThrow().reasoningTokens())
                .contains(4L);
    }
}
