package dev.warder.demo;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import java.util.List;

/** The models that the demonstration upstream lists; a message may name any other model too. */
final class DemoModels {
    private static final List<DemoDocument.Model> ALL = List.of(
            new DemoDocument.Model("claude-opus-5-5", "Claude Opus 5.5"),
            new DemoDocument.Model("claude-sonnet-5-5", "Claude Sonnet 5.5"),
            new DemoDocument.Model("claude-haiku-5-5", "Claude Haiku 5.5"));

    private DemoModels() {}

    static DemoResponse list() {
        return new DemoResponse.Whole(new DemoDocument.Models(ALL));
    }

    static DemoResponse one(String id) {
        return ALL.stream()
                .filter(model -> model.id().equals(id))
                .<DemoResponse>map(DemoResponse.Whole::new)
                .findFirst()
                .orElseGet(() ->
                        new DemoResponse.Refused(new ErrorReply(404, ErrorType.NOT_FOUND, "model: " + id, List.of())));
    }
}
