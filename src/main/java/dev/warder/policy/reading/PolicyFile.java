package dev.warder.policy.reading;

import dev.warder.config.InvalidValueException;
import dev.warder.config.LiveText;
import dev.warder.json.JsonTree;
import dev.warder.policy.Policy;
import jakarta.json.JsonObject;
import java.util.Optional;

/** The content of {@code policy.file} as a document; {@link PolicyReader} reads what it contains. */
final class PolicyFile {
    /** More than 10,000 clients need. The tree of a file takes many times its size. */
    private static final int MOST_BYTES = 4 << 20;

    private PolicyFile() {}

    /**
     * The document of a file.
     *
     * @throws InvalidValueException if it is too large, or not one JSON object with members of different names
     */
    static JsonObject document(byte[] content) throws InvalidValueException {
        if (content.length > MOST_BYTES) {
            throw new InvalidValueException("is larger than 4 MiB");
        }
        Optional<JsonObject> document = JsonTree.parseWholeDistinctObject(LiveText.decode(content));
        return document.orElseThrow(
                () -> new InvalidValueException("is not one JSON object, or has two members of one name"));
    }

    /**
     * The policy of a file alone.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     * @throws InvalidValueException with all problems, at most 20 of them in words; each names its place
     */
    static Policy parse(byte[] content, Optional<DefaultBudget> byDefault) throws InvalidValueException {
        return PolicyReader.read(document(content), byDefault);
    }
}
