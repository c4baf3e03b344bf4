package dev.warder.principal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonDocuments;
import dev.warder.policy.Actor;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.AuditItem;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredObject;
import dev.warder.policy.StoredToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members, their order and what is null, byte for byte. */
class PolicyDocumentsTest {
    private static final Instant CREATED = Instant.parse("2026-11-20T08:00:00.123456Z");
    private static final Instant CHANGED = Instant.parse("2026-11-21T08:00:00Z");
    private static final String DEFINITION =
            "{\"name\":\"ada\",\"zeta\":[1.50,null,true,{\"A\":1E+3}],\"a\":{},\"b\":\"\\\"ü</p>\"}";

    @Test
    void objectsHaveTheirDefinitionAsItWasWritten() {
        var stored = new StoredObject(PolicyName.client("ada"), DEFINITION, 7, CREATED, CHANGED);
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

    @Nested
    class ListTest {
        @Test
        void aPageHasTheCursorOfTheNextOne() {
            var entry = new AuditEntry(
                    3,
                    Instant.parse("2026-11-20T08:00:00.123456Z"),
                    new Actor("root", "192.0.2.1", "req_1"),
                    new AuditItem("change", "client/ada", "", "{\"name\":\"ada\"}"),
                    AuditEntry.FIRST,
                    "ab");
            var page = Resources.list(List.of(entry.json()), Optional.of("3"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body())
                    .isEqualTo(
                            "{\"data\":[{\"type\":\"audit_entry\",\"number\":3,\"made_at\":\"2026-11-20T08:00:00.123456Z\","
                                    + "\"actor\":\"root\",\"address\":\"192.0.2.1\",\"request_id\":\"req_1\","
                                    + "\"action\":\"change\",\"subject\":\"client/ada\",\"before\":\"\","
                                    + "\"after\":\"{\\\"name\\\":\\\"ada\\\"}\","
                                    + "\"previous_hash\":\"" + AuditEntry.FIRST
                                    + "\",\"hash\":\"ab\"}],\"next_page\":\"page_Mw\"}");
            assertThat(Resources.list(List.of(), Optional.empty()).body())
                    .isEqualTo("{\"data\":[],\"next_page\":null}");
        }
    }

    @Nested
    class ApiTargetTest {
        /** A canonical path has {@code @ : = * + /} as they are or escaped, and brackets escaped only. */
        @ParameterizedTest
        @CsvSource({
            "clients/ada@example.com,CLIENT,ada@example.com",
            "clients/ada%40example.com,CLIENT,ada@example.com",
            "tags/cost:a=b,TAG,cost:a=b",
            "tags/cost%3Aa%3Db,TAG,cost:a=b",
            "models/vendor/claude-*,MODEL,vendor/claude-*",
            "models/claude+x,MODEL,claude+x",
            "models/claude-opus-5%5B1m%5D,MODEL,claude-opus-5[1m]",
        })
        void aNameIsThatOfThePathWithoutEscapes(String path, PolicyKind kind, String name) {
            assertThat(ApiTarget.of(ApiTarget.FOLDER + path))
                    .contains(new ApiTarget.OneObject(new PolicyName(kind, name)));
        }

        @Test
        void nothingIsAtAPathWithoutAName() {
            assertThat(ApiTarget.of("/admin/api/clients/")).isEmpty();
            assertThat(ApiTarget.of("/admin/api/organization/x")).isEmpty();
            assertThat(ApiTarget.of("/admin/api/client")).isEmpty();
        }
    }
}
