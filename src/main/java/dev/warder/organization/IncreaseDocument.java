package dev.warder.organization;

import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.organization.SpendLimitDocument.Row;
import dev.warder.spendlimit.IncreaseJson;
import dev.warder.spendlimit.IncreaseRequest;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;

/** A request with what its client has spent, in the shape of {@code SpendLimitIncreaseRequest} (Java SDK 3.10.0). */
final class IncreaseDocument {
    private IncreaseDocument() {}

    static JsonObject of(IncreaseRequest request, Optional<Row> spent) {
        JsonValue summary =
                spent.flatMap(row -> JsonTree.parse(JsonDocuments.text(row))).orElse(JsonValue.NULL);
        return JsonTree.newObject(IncreaseJson.of(request))
                .add("spend_summary", summary)
                .build();
    }
}
