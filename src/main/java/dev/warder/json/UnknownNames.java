package dev.warder.json;

import dev.warder.body.Chunks;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the members and the types of a message's body that Warder does not know, in the same pass as its outline: such a member may
 * stand for a prompt of any length. What clients define themselves, such as the schema of a tool, has names of their own and is left
 * out. The lists are those of the request types of the SDK for TypeScript 1.14.0, and of the members that it no longer has. Memory:
 * constant. One thread at a time.
 */
final class UnknownNames {
    /** More names than these are as good as any. */
    private static final int MOST = 8;

    /** Bytes of the longest name that is kept. */
    private static final int LONGEST = 64;

    private static final String ANY = "";

    private static final Set<String> TOP = words(
            """
            betas billing_policy cache_control compaction container context_management diagnostics fallback_credit_token
            fallbacks inference_geo max_tokens mcp_servers messages metadata model output_config output_format
            service_tier speed stop_sequences stream system temperature thinking thread tool_choice tools top_k top_p
            user_profile_id workspace_id
            """);

    /** Below these, clients choose the names. */
    private static final Set<String> FREE = Set.of("configs", "input", "input_examples", "input_schema", "schema");

    private static final Set<String> BELOW = words(
            """
            active allowed_callers allowed_domains allowed_tools authorization_token bill_to block_binding
            blocked_domains budget_tokens cache_control caching caller category citations cited_text city clear_at
            clear_at_least clear_tool_inputs client_tool_results content context country data default_config
            defer_loading definition description disable_parallel_tool_use display display_height_px display_number
            display_width_px document_index document_title download_id eager_input_streaming edits effort enable_zoom
            enabled encrypted_content encrypted_index encrypted_stdout end_block_index end_char_index end_page_number
            error error_code error_message exclude_tools file_id file_type format from id instructions is_error
            is_file_update keep lines max_characters max_content_tokens max_tokens max_uses mcp_server_name media_type
            mode model name new_lines new_start num_lines old_lines old_start output_config oversized_image page_age
            path pause_after_compaction prefix_mismatch_behavior previous_message_id region remaining response_inclusion
            retrieved_at return_code role search_result_index server_name server_tool_results signature size_bytes
            skill_id skills source speed start_block_index start_char_index start_line start_page_number state_changes
            stderr stdout stop_reason strict tab_id tabs task_budget text thinking timezone title to token tool
            tool_changes tool_configuration tool_id tool_name tool_references tool_use_id tools toolset_name total
            total_lines transformations trigger ttl type url url_sources use_cache user_id user_input user_location
            value version
            """);

    private static final Words TYPES = new Words(
            words(
                    """
            adaptive advisor_20260301 advisor_redacted_result advisor_result advisor_tool_result
            advisor_tool_result_error all anthropic any approximate auto base64 bash_20241022 bash_20250124
            bash_code_execution_output bash_code_execution_result bash_code_execution_tool_result
            bash_code_execution_tool_result_error between_tools billing_policy browser_state browser_toolset_20260801
            char_location clear_thinking_20251015 clear_tool_uses_20250919 code_execution_20250522
            code_execution_20250825 code_execution_20260120 code_execution_20260521 code_execution_output
            code_execution_result code_execution_tool_result code_execution_tool_result_error compact_20260112
            compaction computer_20241022 computer_20250124 computer_20251124 computer_toolset_20260801 container_upload
            content content_block_location continue create custom direct disabled document download_completed
            download_failed download_started enabled encrypted_code_execution_result ephemeral except fallback file
            image input_tokens json_schema mcp_tool_listing mcp_tool_reference mcp_tool_result mcp_tool_use mcp_toolset
            mcp_toolset_reference memory_20250818 none only page_location redacted_thinking refusal search_result
            search_result_location server_tool_use summarize tab_opened text text_editor_20241022 text_editor_20250124
            text_editor_20250429 text_editor_20250728 text_editor_code_execution_create_result
            text_editor_code_execution_str_replace_result text_editor_code_execution_tool_result
            text_editor_code_execution_tool_result_error text_editor_code_execution_view_result thinking thinking_turns
            tokens tool tool_addition tool_definition tool_reference tool_removal tool_result tool_search_tool_bm25
            tool_search_tool_bm25_20251119 tool_search_tool_regex tool_search_tool_regex_20251119
            tool_search_tool_result tool_search_tool_result_error tool_search_tool_search_result tool_use tool_uses url
            web_fetch_20250910 web_fetch_20260209 web_fetch_20260309 web_fetch_20260318 web_fetch_result
            web_fetch_tool_result web_fetch_tool_result_error web_search_20250305 web_search_20260209
            web_search_20260318 web_search_result web_search_result_location web_search_tool_result
            web_search_tool_result_error
            """));

    /** The names that are known somewhere. */
    static final Words NAMES =
            new Words(Stream.of(TOP, FREE, BELOW).flatMap(Set::stream).collect(Collectors.toSet()));

    private static final int NONE = -1;

    private final Chunks body;
    private final Set<String> found = new LinkedHashSet<>();

    /** The depth of the value below which nothing is looked at. */
    private int opaque = NONE;

    private boolean opens;
    private boolean isType;

    /** Whether the last name is not known; one without a value stands for nothing. */
    private boolean unknown;

    private long nameFrom;
    private long nameTo;

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }

    UnknownNames(Chunks body) {
        this.body = body;
    }

    /** An empty name stands for any. */
    List<String> found() {
        return List.copyOf(found);
    }

    /**
     * Handles a member's name in an object at this depth.
     *
     * @param text that of {@link #NAMES}
     */
    void name(int depth, String text, long from, long to) {
        opens = false;
        isType = false;
        unknown = false;
        if (opaque != NONE || found.size() > MOST) {
            return;
        }
        if (depth == 1) {
            unknown = !TOP.contains(text);
        } else {
            opens = FREE.contains(text);
            isType = text.equals("type");
            unknown = !opens && !BELOW.contains(text);
        }
        nameFrom = from;
        nameTo = to;
    }

    /** Handles the beginning of an object or array that is a value at this depth. */
    void open(int depth) {
        if (opens) {
            opaque = depth;
        } else if (unknown) {
            add("", nameFrom, nameTo);
        }
        opens = false;
        isType = false;
        unknown = false;
    }

    /** Handles the end of an object or array that is a value at this depth. */
    void close(int depth) {
        if (opaque == depth) {
            opaque = NONE;
        }
    }

    /** Handles a value that is neither an object nor an array. */
    void scalar(JsonKind kind, long from, long to) {
        if (unknown && kind != JsonKind.NULL) {
            add("", nameFrom, nameTo);
        } else if (isType
                && kind == JsonKind.STRING
                && TYPES.find(body, from, to).isEmpty()) {
            add("type=", from, to);
        }
        opens = false;
        isType = false;
        unknown = false;
    }

    private void add(String before, long from, long to) {
        boolean fits = to - from <= LONGEST && found.size() < MOST;
        found.add(fits ? before + new JsonText(body, from, to).value() : ANY);
    }
}
