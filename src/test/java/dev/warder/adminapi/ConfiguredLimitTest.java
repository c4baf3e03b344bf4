package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConfiguredLimitTest {
    private static String document(PolicyName owner, String budgets) {
        String text = "{'budgets':" + budgets + "}";
        var definition = JsonTree.parseObject(text.replace('\'', '"')).orElseThrow();
        var limits = ConfiguredLimit.of(
                owner, definition, Instant.parse("2026-11-20T08:00:00Z"), Instant.parse("2026-11-21T08:00:00.5Z"));
        assertThat(limits).hasSize(1);
        return limits.get(0).json().toString().replace('"', '\'');
    }

    private static String expected(String owner, String amount, boolean isEnabled, String period, String scope) {
        return "{'type':'spend_limit','id':'" + ConfiguredLimit.id(owner) + "','amount':" + amount
                + ",'created_at':'2026-11-20T08:00:00Z','currency':'USD','is_enabled':" + isEnabled + ",'period':'"
                + period + "','scope':" + scope + ",'updated_at':'2026-11-21T08:00:00.500Z'}";
    }

    @Test
    void limitsHaveTheMembersOfTheAdminApi() {
        assertThat(document(PolicyName.client("ada"), "[{'amount':'75.999','period':'day'}]"))
                .isEqualTo(expected("client/ada/day", "'7599'", true, "daily", "{'type':'user','user_id':'ada'}"));
        assertThat(document(new PolicyName(PolicyKind.TEAM, "blue"), "[{'amount':'5','period':'week','mode':'warn'}]"))
                .isEqualTo(expected(
                        "team/blue/week", "'500'", false, "weekly", "{'type':'workspace','workspace_id':'blue'}"));
        assertThat(document(new PolicyName(PolicyKind.ORGANIZATION, ""), "'unlimited'"))
                .isEqualTo(expected("organization/month", "null", true, "monthly", "{'type':'organization'}"));
    }
}
