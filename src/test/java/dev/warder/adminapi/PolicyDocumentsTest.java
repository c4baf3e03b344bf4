package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.adminapi.PrincipalView.ObjectDocument;
import dev.warder.adminapi.PrincipalView.TokenDocument;
import dev.warder.json.JsonDocuments;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredPolicy;
import dev.warder.policy.StoredPolicy.StoredToken;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Members, their order and what is null, byte for byte. */
class PolicyDocumentsTest {
    private static final Instant CREATED = Instant.parse("2026-11-20T08:00:00.123456Z");
    private static final Instant CHANGED = Instant.parse("2026-11-21T08:00:00Z");
    private static final String DEFINITION =
            "{\"name\":\"ada\",\"zeta\":[1.50,null,true,{\"A\":1E+3}],\"a\":{},\"b\":\"\\\"ü</p>\"}";

    @Test
    void objectsHaveTheirDefinitionAsItWasWritten() {
        var stored = new StoredPolicy.StoredObject(PolicyName.client("ada"), DEFINITION, 7, CREATED, CHANGED);
        String head = "{\"type\":\"client\",\"name\":\"ada\",\"source\":\"database\",\"revision\":7,"
                + "\"created_at\":\"2026-11-20T08:00:00.123456Z\",\"changed_at\":\"2026-11-21T08:00:00Z\",\"problem\":";
        assertThat(JsonDocuments.text(ObjectDocument.of(stored, Optional.empty())))
                .isEqualTo(head + "null,\"definition\":" + DEFINITION + "}");
        assertThat(JsonDocuments.text(ObjectDocument.of(stored, Optional.of("team: there is none"))))
                .isEqualTo(head + "\"team: there is none\",\"definition\":" + DEFINITION + "}");
    }

    @Test
    void tokensHaveNoHash() {
        var token = new StoredToken(
                new StoredToken.Identity("k3", "laptop", "ada", "0a1b"),
                DEFINITION,
                8,
                CREATED,
                CHANGED,
                Optional.empty());
        String head = "{\"type\":\"token\",\"id\":\"k3\",\"name\":\"laptop\",\"client\":\"ada\",\"revision\":";
        assertThat(JsonDocuments.text(TokenDocument.of(token)))
                .isEqualTo(head + "8,\"created_at\":\"2026-11-20T08:00:00.123456Z\","
                        + "\"changed_at\":\"2026-11-21T08:00:00Z\",\"revoked_at\":null,\"terms\":" + DEFINITION + "}");
        assertThat(JsonDocuments.text(TokenDocument.of(token.revoked(9, CHANGED))))
                .isEqualTo(head + "9,\"created_at\":\"2026-11-20T08:00:00.123456Z\","
                        + "\"changed_at\":\"2026-11-21T08:00:00Z\",\"revoked_at\":\"2026-11-21T08:00:00Z\","
                        + "\"terms\":" + DEFINITION + "}");
        assertThat(TokenDocument.audited(token))
                .isEqualTo("{\"name\":\"laptop\",\"client\":\"ada\",\"terms\":" + DEFINITION + "}");
    }
}
