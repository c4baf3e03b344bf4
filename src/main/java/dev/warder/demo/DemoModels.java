package dev.warder.demo;

import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import java.util.List;

/** The models that the stand-in says it has; a message may name any other as well. */
final class DemoModels {
    private static final List<DemoDocument.Model> ALL = List.of(
            new DemoDocument.Model("claude-opus-5-5", "Claude Opus 5.5"),
            new DemoDocument.Model("claude-sonnet-5-5", "Claude Sonnet 5.5"),
            new DemoDocument.Model("claude-haiku-5-5", "Claude Haiku 5.5"));

    private DemoModels() {}

    static DemoAnswer list() {
        return new DemoAnswer.Whole(new DemoDocument.Models(ALL));
    }

    static DemoAnswer one(String id) {
        return ALL.stream()
                .filter(model -> model.id().equals(id))
                .<DemoAnswer>map(DemoAnswer.Whole::new)
                .findFirst()
                .orElseGet(() ->
                        new DemoAnswer.Refused(new ErrorReply(404, ErrorType.NOT_FOUND, "model: " + id, List.of())));
    }
}
