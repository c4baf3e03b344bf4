package dev.warder.principal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Actor;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.AuditItem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
                                + "\"actor\":\"root\",\"address\":\"192.0.2.1\",\"request_id\":\"req_1\",\"action\":\"change\","
                                + "\"subject\":\"client/ada\",\"before\":\"\",\"after\":\"{\\\"name\\\":\\\"ada\\\"}\","
                                + "\"previous_hash\":\"" + AuditEntry.FIRST
                                + "\",\"hash\":\"ab\"}],\"next_page\":\"page_Mw\"}");
        assertThat(Resources.list(List.of(), Optional.empty()).body()).isEqualTo("{\"data\":[],\"next_page\":null}");
    }
}
