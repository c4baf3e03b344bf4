package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.openai.shared.Pieces;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/** The response object, as it is at the beginning and at the end of a response. Immutable. */
final class ResponseDocument {
    static final Set<String> OWN = Set.of(
            "id",
            "object",
            "created_at",
            "completed_at",
            "status",
            "error",
            "incomplete_details",
            "model",
            "output",
            "usage");

    private final String model;
    private final EchoedMembers echo;
    private final Instant created;
    private final InstantSource clock;

    ResponseDocument(String model, EchoedMembers echo, InstantSource clock) {
        this.model = model;
        this.echo = echo;
        this.created = clock.instant();
        this.clock = clock;
    }

    /** The bytes that it keeps. */
    long kept() {
        return echo.kept();
    }

    Pieces json(String id, ResponseEnd outcome, Pieces output) {
        String completed = outcome.isCompleted() ? Long.toString(clock.instant().getEpochSecond()) : "null";
        return new Pieces("{\"id\":" + JsonText.quote("resp_" + id) + ",\"object\":\"response\",\"created_at\":"
                        + created.getEpochSecond() + ",\"status\":\"" + outcome.status() + "\",\"completed_at\":"
                        + completed + member("error", outcome.error())
                        + member("incomplete_details", outcome.details()) + ",\"model\":" + JsonText.quote(model)
                        + ",")
                .add(echo.json())
                .add("\"output\":[")
                .add(output)
                .add("]" + member("usage", outcome.usage()) + "}");
    }

    private static String member(String name, JsonValue value) {
        return ",\"" + name + "\":" + value;
    }
}
