package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.responses.CustomTool;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseCustomToolCallOutput;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Programs with OpenAI's own SDK use tools over several turns; thinking comes upstream again with them. */
class ResponsesToolsContract extends ResponsesGround {
    @Test
    void usesToolsTurnByTurn() throws Exception {
        scriptToolTurns();
        converse(this::create);
        checkToolsAndThinking();
    }

    @Test
    void usesToolsInStreams() throws Exception {
        scriptStreamedToolTurns();
        converse(request -> whole(stream(request)));
        checkToolsAndThinking();
    }

    @Test
    void usesAToolWhoseInputIsText() throws Exception {
        var call = ApiMessage.asked(
                ApiBlock.toolUse("toolu_01sql", "sql", "{\"input\":\"SEL", "ECT \\\"a\\", "\" -- \\u00", "fc\"}"));
        upstream.next(call.streamed());
        upstream.next(REPORT.whole());
        var tool = CustomTool.builder().name("sql").formatText().build();
        var events = stream(question().addTool(tool));
        assertThat(types(events))
                .containsSubsequence(
                        "response.output_item.added",
                        "response.custom_tool_call_input.delta",
                        "response.custom_tool_call_input.done",
                        "response.output_item.done");
        var made = only(whole(events), ResponseOutputItem::customToolCall);
        assertThat(made.name()).isEqualTo("sql");
        assertThat(made.input()).isEqualTo("SELECT \"a\" -- ü");
        create(question()
                .addTool(tool)
                .inputOfResponse(List.of(
                        said("Hello"),
                        ResponseInputItem.ofCustomToolCall(made),
                        ResponseInputItem.ofCustomToolCallOutput(ResponseCustomToolCallOutput.builder()
                                .callId(made.callId())
                                .output("1 row")
                                .build()))));
        sent();
        var again = sent();
        assertThat(again.blocks(1)).containsExactly(call.content().get(0).whole());
        assertThat(again.blocks().get(0).toString()).contains("toolu_01sql", "1 row");
    }

    private static ResponseInputItem said(String text) {
        return ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .content(text)
                .build());
    }

    /** Goes on until the model wants no tool any more; every item of a response is part of the next input. */
    private static void converse(Function<ResponseCreateParams.Builder, Response> create) {
        var input = new ArrayList<>(List.of(said("What is the weather?")));
        var request = thoughtfulQuestion()
                .addTool(Weather.class)
                .addTool(FunctionTool.builder()
                        .name("clock")
                        .description("What time it is")
                        .parameters(FunctionTool.Parameters.builder().build())
                        .strict(false)
                        .build());
        var response = create.apply(request.inputOfResponse(List.copyOf(input)));
        while (response.output().stream().anyMatch(ResponseOutputItem::isFunctionCall)) {
            for (var item : response.output()) {
                input.add(again(item));
            }
            response.output().stream()
                    .flatMap(item -> item.functionCall().stream())
                    .forEach(call -> input.add(result(call)));
            response = create.apply(request.inputOfResponse(List.copyOf(input)));
        }
        assertThat(text(response)).isEqualTo(REPORT_TEXT);
    }

    private static ResponseInputItem again(ResponseOutputItem item) {
        return item.message()
                .map(ResponseInputItem::ofResponseOutputMessage)
                .or(() -> item.reasoning().map(ResponseInputItem::ofReasoning))
                .or(() -> item.functionCall().map(ResponseInputItem::ofFunctionCall))
                .orElseThrow();
    }

    private static ResponseInputItem result(ResponseFunctionToolCall call) {
        var result = call.name().equals("clock")
                ? "It is noon."
                : weatherIn(call.arguments(Weather.class).city());
        return ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                .callId(call.callId())
                .output(result)
                .build());
    }
}
