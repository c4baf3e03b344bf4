package dev.warder.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetEditsTest {
    private static final String MONTH = "{'amount':'250','period':'month','mode':'warn','zone':'UTC'}";
    private static final String DAY = "{'amount':'5','period':'day'}";

    @Test
    void addsABudgetNextToOthers() throws AdminException {
        assertThat(BudgetEdits.create(json("{'name':'a'}"), "5", "day", Map.of()))
                .isEqualTo(json("{'name':'a','budgets':[" + DAY + "]}"));
        assertThat(BudgetEdits.create(json("{'budgets':[" + MONTH + "]}"), "5", "day", Map.of()))
                .isEqualTo(json("{'budgets':[" + MONTH + "," + DAY + "]}"));
        assertThatThrownBy(() -> BudgetEdits.create(json("{'budgets':[" + DAY + "]}"), "9", "day", Map.of()))
                .hasMessage("there is one already (day); budget set changes it");
    }

    /** What the options do not name stays: a budget that only warns does not begin to refuse requests by a new amount. */
    @Test
    void changesABudgetInItsPlace() {
        var before = json("{'budgets':[" + MONTH + "," + DAY + "]}");
        assertThat(BudgetEdits.set(before, "300", "month", Map.of("zone", "", "on-exhausted", "finish")))
                .isEqualTo(json("{'budgets':[{'amount':'300','period':'month','mode':'warn','on_exhausted':'finish'},"
                        + DAY + "]}"));
    }

    @Test
    void aBudgetThatEnforcesAndTheWordReplaceEachOther() throws AdminException {
        var word = json("{'budgets':'unlimited'}");
        assertThat(BudgetEdits.createUnlimited(json("{}"))).isEqualTo(word);
        assertThat(BudgetEdits.set(word, "5", "day", Map.of())).isEqualTo(json("{'budgets':[" + DAY + "]}"));
        assertThat(BudgetEdits.set(word, "5", "day", Map.of("mode", "shadow")))
                .isEqualTo(json("{'budgets':['unlimited',{'amount':'5','period':'day','mode':'shadow'}]}"));
        assertThat(BudgetEdits.setUnlimited(json("{'budgets':[" + MONTH + "," + DAY + "]}")))
                .isEqualTo(json("{'budgets':[" + MONTH + ",'unlimited']}"));
        assertThatThrownBy(() -> BudgetEdits.createUnlimited(word)).hasMessageContaining("already (unlimited)");
    }

    @Test
    void removesOneAndThenTheMember() throws AdminException {
        var both = json("{'budgets':[" + MONTH + ",'unlimited']}");
        assertThat(BudgetEdits.revoke(both, "unlimited")).isEqualTo(json("{'budgets':[" + MONTH + "]}"));
        assertThat(BudgetEdits.revoke(both, "month")).isEqualTo(json("{'budgets':'unlimited'}"));
        assertThat(BudgetEdits.revoke(json("{'name':'a','budgets':[" + DAY + "]}"), "day"))
                .isEqualTo(json("{'name':'a'}"));
        assertThatThrownBy(() -> BudgetEdits.revoke(both, "day"))
                .hasMessage("there is no budget of this period; there is: month, unlimited");
    }

    private static JsonObject json(String text) {
        return JsonTree.parseObject(text.replace('\'', '"')).orElseThrow();
    }
}
