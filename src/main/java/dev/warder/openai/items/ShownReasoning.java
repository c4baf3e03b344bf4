package dev.warder.openai.items;

import dev.warder.models.ModelCapabilities;
import dev.warder.openai.document.Members;
import dev.warder.openai.document.RefusedException;
import dev.warder.openai.messages.Reasoning;
import jakarta.json.JsonArray;
import jakarta.json.JsonString;
import java.util.Optional;
import java.util.Set;

/**
 * What the client asks about thinking: the members {@code reasoning} and {@code include}. One thread at a time.
 *
 * @param members the object {@code reasoning}
 * @param summary whether thinking is shown
 * @param encrypted whether it is returned for the next request
 */
record ShownReasoning(Optional<Members> members, boolean summary, boolean encrypted) {
    private static final String EFFORT = "effort";

    /** The default of OpenAI's models. */
    private static final String USUAL_EFFORT = "medium";

    private static final String SUMMARY = "summary";
    private static final String OLDER_SUMMARY = "generate_summary";
    private static final String INCLUDE = "include";
    private static final String ENCRYPTED = "reasoning.encrypted_content";
    private static final Set<String> SUMMARIES = Set.of("auto", "concise", "detailed");

    /** @param allowed the setting without which neither is possible */
    static ShownReasoning read(Members top, boolean allowed) throws RefusedException {
        var members = top.object("reasoning");
        boolean summary = members.isPresent() && isSummary(members.get(), allowed);
        return new ShownReasoning(members, summary, isEncrypted(top, allowed));
    }

    /** How much the model thinks. */
    Reasoning plan(ModelCapabilities model, long maxTokens, boolean mayBudget) throws RefusedException {
        if (members.isEmpty()) {
            return Reasoning.unset(maxTokens);
        }
        var plain = Reasoning.read(members.get(), EFFORT, Optional.empty(), model, maxTokens, mayBudget);
        if (mayBudget) {
            plain = plain.withBudget(model, members.get().text(EFFORT).orElse(summary ? USUAL_EFFORT : ""));
        }
        var shown = summary ? plain.summarized(model) : Optional.of(plain);
        if (shown.isEmpty()) {
            members.get().ignore(SUMMARY);
            members.get().ignore(OLDER_SUMMARY);
        }
        members.get().ignoreRest();
        return shown.orElse(plain);
    }

    private static boolean isSummary(Members reasoning, boolean allowed) throws RefusedException {
        boolean asked = false;
        for (String member : new String[] {SUMMARY, OLDER_SUMMARY}) {
            var kind = reasoning.text(member);
            if (kind.isPresent() && !SUMMARIES.contains(kind.get())) {
                throw reasoning.refused(member, "must be auto, concise or detailed.");
            }
            asked |= kind.isPresent();
            if (!allowed) {
                reasoning.ignore(member);
            }
        }
        return asked && allowed;
    }

    private static boolean isEncrypted(Members top, boolean allowed) throws RefusedException {
        boolean encrypted = false;
        var included = top.array(INCLUDE).orElse(JsonArray.EMPTY_JSON_ARRAY);
        for (int i = 0; i < included.size(); i++) {
            if (!(included.get(i) instanceof JsonString word)) {
                String path = INCLUDE + "[" + i + "]";
                throw RefusedException.invalid(path, path + " must be a string.");
            }
            if (allowed && word.getString().equals(ENCRYPTED)) {
                encrypted = true;
            } else {
                top.listText(INCLUDE, word.getString());
            }
        }
        return encrypted;
    }
}
