package dev.warder.openai.responses;

import java.nio.charset.StandardCharsets;

/** The events of the Responses API that are written. */
enum EventName {
    CREATED("response.created"),
    IN_PROGRESS("response.in_progress"),
    COMPLETED("response.completed"),
    INCOMPLETE("response.incomplete"),
    FAILED("response.failed"),
    ITEM_ADDED("response.output_item.added"),
    ITEM_DONE("response.output_item.done"),
    PART_ADDED("response.content_part.added"),
    PART_DONE("response.content_part.done"),
    TEXT_DELTA("response.output_text.delta"),
    TEXT_DONE("response.output_text.done"),
    ANNOTATION_ADDED("response.output_text.annotation.added"),
    REFUSAL_DELTA("response.refusal.delta"),
    REFUSAL_DONE("response.refusal.done"),
    ARGUMENTS_DELTA("response.function_call_arguments.delta"),
    ARGUMENTS_DONE("response.function_call_arguments.done"),
    INPUT_DELTA("response.custom_tool_call_input.delta"),
    INPUT_DONE("response.custom_tool_call_input.done"),
    SUMMARY_PART_ADDED("response.reasoning_summary_part.added"),
    SUMMARY_PART_DONE("response.reasoning_summary_part.done"),
    SUMMARY_DELTA("response.reasoning_summary_text.delta"),
    SUMMARY_DONE("response.reasoning_summary_text.done"),
    SEARCH_IN_PROGRESS("response.web_search_call.in_progress"),
    SEARCH_SEARCHING("response.web_search_call.searching"),
    SEARCH_COMPLETED("response.web_search_call.completed");

    final byte[] head;

    EventName(String name) {
        this.head = ("event: " + name + "\ndata: {\"type\":\"" + name + "\",\"sequence_number\":")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
