package dev.warder.openai.responses;

import dev.warder.http.Sha256;
import dev.warder.openai.chat.AccountMembers;
import dev.warder.openai.shared.Members;
import dev.warder.openai.shared.RefusedException;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;

/** Members of a request that no block, tool or parameter expresses. Thread-safe. */
final class OtherMembers {
    private static final String TRUNCATION = "truncation";
    private static final String STREAM_OPTIONS = "stream_options";
    private static final String OBFUSCATION = "include_obfuscation";
    private static final String STORE = "store";
    private static final String METADATA = "metadata";
    private static final int METADATA_MEMBERS = 16;
    private static final int METADATA_NAME = 64;
    private static final int METADATA_TEXT = 512;
    private static final String CLIENT = "client_metadata";
    private static final String INSTALLATION = "x-codex-installation-id";

    private OtherMembers() {}

    /** Refuses what needs stored responses, or what no response of the Messages API could satisfy. */
    static void refuse(Members top) throws RefusedException {
        for (String name : List.of("previous_response_id", "conversation")) {
            if (top.has(name)) {
                throw top.refused(name, "is not supported: nothing is stored here. Send the whole input each time.");
            }
        }
        if (top.has("prompt")) {
            throw top.refused("prompt", "is not supported: send instructions and input.");
        }
        if (top.flag("background").orElse(false)) {
            throw top.refused("background", "must be false.");
        }
        if (top.number("top_logprobs").filter(count -> count.signum() != 0).isPresent()) {
            throw top.refused("top_logprobs", "must be 0.");
        }
    }

    static void read(Members top, boolean stream) throws RefusedException {
        switch (top.text(TRUNCATION).orElse("disabled")) {
            case "disabled" -> {}
            case "auto" -> top.ignore(TRUNCATION);
            default -> throw top.refused(TRUNCATION, "must be auto or disabled.");
        }
        // OpenAI stores responses unless the member is false; a client that sets it to true may expect to find them.
        if (top.flag(STORE).orElse(false)) {
            top.ignore(STORE);
        }
        checkMetadata(top);
        var options = top.object(STREAM_OPTIONS);
        if (options.isPresent()) {
            if (options.get().flag(OBFUSCATION).orElse(false)) {
                options.get().ignore(OBFUSCATION);
            }
            options.get().ignoreRest();
            if (!stream) {
                top.ignore(STREAM_OPTIONS);
            }
        }
    }

    /** Only the response has it: what OpenAI refuses must not come back there. */
    private static void checkMetadata(Members top) throws RefusedException {
        var metadata = top.json(METADATA).orElse(JsonValue.EMPTY_JSON_OBJECT);
        boolean valid = metadata.size() <= METADATA_MEMBERS;
        for (var member : metadata.entrySet()) {
            valid &= hasAtMost(METADATA_NAME, member.getKey())
                    && member.getValue() instanceof JsonString text
                    && hasAtMost(METADATA_TEXT, text.getString());
        }
        if (!valid) {
            throw top.refused(
                    METADATA,
                    "must have at most 16 members: strings of at most 512 characters, with names of at most 64.");
        }
    }

    private static boolean hasAtMost(int characters, String text) {
        return text.codePointCount(0, text.length()) <= characters;
    }

    static Optional<String> userId(Members top) throws RefusedException {
        var user = AccountMembers.userId(top);
        var client = top.object(CLIENT);
        var installation = client.isPresent() ? client.get().text(INSTALLATION) : Optional.<String>empty();
        if (user.isPresent() || installation.isEmpty()) {
            top.ignore(CLIENT);
        } else {
            client.get().ignoreRest();
        }
        return user.or(() -> installation.map(Sha256::hex));
    }
}
