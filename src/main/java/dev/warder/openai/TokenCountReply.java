package dev.warder.openai;

import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.json.JsonText;
import dev.warder.json.JsonTree;
import dev.warder.translation.ResponseTranslation;
import dev.warder.translation.StreamTranslation;
import jakarta.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;

/** Translates a token count to that of the Responses API. One thread at a time. */
final class TokenCountReply implements ResponseTranslation {
    private static final String TOKENS = "input_tokens";

    private final SortedSet<String> ignored;
    private final InstantSource clock;

    /** @param ignored the names of the request's members that were not translated */
    TokenCountReply(SortedSet<String> ignored, InstantSource clock) {
        this.ignored = ignored;
        this.clock = clock;
    }

    @Override
    public List<Field> fields(Function<String, Optional<String>> upstream) {
        return Reply.fields(upstream, clock.instant(), ignored);
    }

    @Override
    public Optional<StreamTranslation> stream() {
        return Optional.empty();
    }

    @Override
    public Whole whole(int status, byte[] body) {
        if (status < 200 || status >= 300) {
            return Reply.error(status, body);
        }
        return JsonTree.parseObject(body, 0, body.length)
                .map(count -> JsonTree.count(count, TOKENS, -1))
                .filter(count -> count >= 0)
                .<Whole>map(count -> new Whole.Translated(200, Reply.JSON, document(count)))
                .orElseGet(() ->
                        new Whole.Unusable(ErrorReply.badGateway("The upstream's response is not a token count.")));
    }

    private static byte[] document(long count) {
        JsonObject document = JsonTree.newObject()
                .add("object", "response." + TOKENS)
                .add(TOKENS, count)
                .build();
        return JsonText.utf8(document.toString());
    }
}
