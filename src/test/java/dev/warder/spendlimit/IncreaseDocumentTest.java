package dev.warder.spendlimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonDocuments;
import dev.warder.policy.Period;
import dev.warder.spendlimit.IncreaseRequest.Resolution;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Members, their order, and which are null or left out, byte for byte. */
class IncreaseDocumentTest {
    private static final Instant MADE = Instant.parse("2026-11-20T08:00:00Z");
    private static final Resolution APPROVED = new Resolution(MADE.plusSeconds(60), "root", OptionalLong.of(7500));
    private static final Resolution DENIED = new Resolution(MADE.plusSeconds(60), "root", OptionalLong.empty());
    private static final String HEAD = "{\"type\":\"spend_limit_increase_request\",\"id\":\"slir_4\"," + "\"actor\":"
            + user("ada") + ",\"created_at\":\"2026-11-20T08:00:00Z\",\"period\":\"monthly\",";
    private static final String PENDING = HEAD + "\"requested_amount\":\"9000\",\"reason\":\"x\","
            + "\"resolved_at\":null,\"resolved_by\":null,\"granted_amount\":null,\"status\":\"pending\"";

    private static String user(String name) {
        return "{\"type\":\"user_actor\",\"user_id\":\"" + name + "\",\"name\":\"" + name
                + "\",\"email_address\":null,\"deleted\":false}";
    }

    private static IncreaseRequest request(OptionalLong cents, Optional<Resolution> resolution) {
        return new IncreaseRequest(4, "ada", Period.MONTH, cents, "x", MADE, resolution);
    }

    @Test
    void aPendingRequest() {
        var pending = request(OptionalLong.of(9000), Optional.empty());
        assertThat(JsonDocuments.text(IncreaseDocument.of(pending))).isEqualTo(PENDING + "}");
        assertThat(JsonDocuments.text(IncreaseDocument.own(pending))).isEqualTo(PENDING + "}");
        assertThat(JsonDocuments.text(IncreaseDocument.withSummary(pending, Optional.empty())))
                .isEqualTo(PENDING + ",\"spend_summary\":null}");
        var summary = UserActor.of("ada", Optional.of("a@b"));
        assertThat(JsonDocuments.text(IncreaseDocument.withSummary(pending, Optional.of(summary))))
                .isEqualTo(PENDING + ",\"spend_summary\":" + user("ada").replace("null", "\"a@b\"") + "}");
        assertThat(JsonDocuments.text(IncreaseDocument.Audited.of(pending)))
                .isEqualTo("{\"client\":\"ada\",\"period\":\"month\",\"status\":\"pending\",\"asked_cents\":9000,"
                        + "\"reason\":\"x\"}");
    }

    @Test
    void aRequestThatIsApproved() {
        var approved = request(OptionalLong.empty(), Optional.of(APPROVED));
        String resolved = HEAD + "\"requested_amount\":null,\"reason\":\"x\",\"resolved_at\":\"2026-11-20T08:01:00Z\","
                + "\"resolved_by\":" + user("root") + ",\"granted_amount\":\"7500\",\"status\":\"approved\"";
        assertThat(JsonDocuments.text(IncreaseDocument.of(approved))).isEqualTo(resolved + "}");
        assertThat(JsonDocuments.text(IncreaseDocument.own(approved)))
                .isEqualTo(resolved.replace(user("root"), "null") + "}");
        assertThat(JsonDocuments.text(IncreaseDocument.withLimit(approved, Optional.empty())))
                .isEqualTo(resolved + ",\"spend_summary\":null,\"spend_limit\":null}");
        assertThat(JsonDocuments.text(
                        IncreaseDocument.withLimit(approved, Optional.of(UserActor.of("b", Optional.empty())))))
                .isEqualTo(resolved + ",\"spend_summary\":null,\"spend_limit\":" + user("b") + "}");
        assertThat(JsonDocuments.text(IncreaseDocument.Audited.of(approved)))
                .isEqualTo("{\"client\":\"ada\",\"period\":\"month\",\"status\":\"approved\",\"granted_cents\":7500,"
                        + "\"reason\":\"x\"}");
    }

    @Test
    void aRequestThatIsDenied() {
        var denied = request(OptionalLong.of(1), Optional.of(DENIED));
        assertThat(JsonDocuments.text(IncreaseDocument.of(denied)))
                .endsWith("\"resolved_by\":" + user("root") + ",\"granted_amount\":null,\"status\":\"denied\"}");
        assertThat(JsonDocuments.text(IncreaseDocument.Audited.of(denied)))
                .isEqualTo("{\"client\":\"ada\",\"period\":\"month\",\"status\":\"denied\",\"asked_cents\":1,"
                        + "\"reason\":\"x\"}");
    }
}
