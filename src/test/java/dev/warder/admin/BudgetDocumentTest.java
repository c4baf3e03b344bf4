package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.quota.SampleReport;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The budgets as JSON, byte for byte: members, their order, exact amounts, and what is left out. */
class BudgetDocumentTest {
    private static final String TERMS = "\"mode\":\"enforce\",\"onExhausted\":\"finish\",\"amount\":\"20.000000000\",";

    private static String text(String name) {
        return BudgetDocument.of(Optional.of(SampleReport.with(name, true))).toString();
    }

    @Test
    void hasExactNumbers() {
        assertThat(text("red"))
                .startsWith("{\"time\":\"2026-11-23T12:00:00Z\",\"databaseRead\":true,\"unreadBudgets\":7,"
                        + "\"organization\":[{\"budget\":\"organization/lifetime\",\"scope\":\"organization\",\"name\":\"\","
                        + "\"period\":\"lifetime\"," + TERMS
                        + "\"spent\":\"20.234567891\",\"overage\":\"1.234567891\",\"reserved\":\"0.000000000\","
                        + "\"unknown\":\"0.000000000\",\"free\":\"0.000000000\"}],"
                        + "\"teams\":[{\"name\":\"red\",\"budgets\":[{\"budget\":\"team/red/month\",\"scope\":\"team\","
                        + "\"name\":\"red\",\"period\":\"month\",\"mode\":\"warn\",\"amount\":\"20.000000000\","
                        + "\"resetsAt\":\"2026-11-30T23:00:00Z\"}],"
                        + "\"clients\":{\"budgets\":[{\"budget\":\"client/red0/day\"")
                .contains(
                        "],\"more\":4321},\"clientsWithoutBudget\":1}],\"moreTeams\":2,\"page\":1,\"pages\":1,\"tags\":{\"budgets\":[{")
                .contains("\"models\":{\"budgets\":[],\"more\":0}");
    }

    @Test
    void hasWhoWaitsAndWhatHappened() {
        assertThat(text("<b>\""))
                .endsWith("\"waiting\":[{\"client\":\"ada\",\"budgets\":[\"team/a/month\",\"client/<b>\\\"/day\"],"
                        + "\"reason\":\"running\",\"amount\":\"0.001400000\",\"seconds\":42}],\"moreWaiting\":8,"
                        + "\"waitingNodes\":[{\"node\":\"node <b>\\\"\",\"budget\":\"team/a/month\","
                        + "\"amount\":\"0.006000000\",\"seconds\":3},"
                        + "{\"node\":\"node\",\"budget\":\"team/b/month\",\"amount\":\"0.000000007\"}],"
                        + "\"moreWaitingNodes\":false,\"events\":[{\"time\":\"2026-11-23T12:00:00Z\",\"times\":1,\"client\":\"ada\","
                        + "\"model\":\"<b>\\\"\",\"budgets\":[\"team/a/month\"],\"event\":\"cut\"},"
                        + "{\"time\":\"2026-11-23T12:00:00Z\",\"times\":31,\"client\":\"bob\",\"model\":\"m\","
                        + "\"budgets\":[],\"event\":\"database_away\"}]}");
    }

    @Test
    void isEmptyWhereThereAreNoBudgets() {
        assertThat(BudgetDocument.of(Optional.empty()).toString()).isEqualTo("{}");
    }
}
