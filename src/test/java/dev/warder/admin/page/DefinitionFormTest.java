package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.admin.page.DefinitionForm.Field;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionFormTest {
    private static final String BUDGET = "{'amount':'50','period':'day','zone':'Europe/Berlin','mode':'warn'}";

    private static JsonObject json(String text) {
        return JsonTree.parseObject(text.replace('\'', '"')).orElseThrow();
    }

    private static Stream<Field> all(List<Field> fields) {
        return fields.stream().flatMap(field -> Stream.concat(Stream.of(field), all(field.fields())));
    }

    @ParameterizedTest
    @EnumSource
    void hasAFieldForEachMember(PolicyName.Kind kind) {
        var fields = DefinitionForm.of(kind).fields(DefinitionForm.values(json("{}")), "");
        var members =
                DefinitionForm.of(kind).members().replaceAll(" \\([^)]*\\)", "").split(", ");
        assertThat(fields).extracting(Field::name).containsExactly(members);
        assertThat(all(fields)).extracting(Field::name).doesNotHaveDuplicates();
        assertThat(fields).allSatisfy(field -> assertThat(field.hint()).isNotEmpty());
    }

    @Test
    void namesTheMembersWithTheirWords() {
        assertThat(DefinitionForm.of(PolicyName.Kind.CLIENT).members())
                .isEqualTo(
                        "name, kind (person or service), external_id, token_names, teams, payer, models, paths, tags,"
                                + " budgets, limits");
        assertThat(DefinitionForm.of(PolicyName.Kind.SESSIONS).members()).isEqualTo("budgets");
        assertThat(DefinitionForm.NEW_TERMS.members())
                .isEqualTo(
                        "rights (passthrough, managed, workspace, web, admin:read, admin:write), models, paths, networks,"
                                + " tags");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'a','kind':'person','teams':['x','y'],'payer':'x','budgets':[" + BUDGET + "]}",
                "{'name':'a','kind':'service','budgets':'unlimited','limits':{'requests_per_minute':60}}",
                "{'name':'a','kind':'service','budgets':[" + BUDGET + ",'unlimited'],'tags':['a:b']}"
            })
    void keepsADefinitionWhoseFieldsAreNotChanged(String definition) {
        assertThat(DefinitionForm.of(PolicyName.Kind.CLIENT).shows(json(definition)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'a','colour':'red'}",
                "{'name':'a','teams':[]}",
                "{'name':'a','teams':'x'}",
                "{'name':'a\u202e'}",
                "{'name':' a'}",
                "{'name':'a','tags':['x\\ny']}",
                "{'name':'a','budgets':[{'amount':50}]}",
                "{'name':'a','budgets':['unlimited']}",
                "{'name':'a','budgets':[{},{},{},{},{},{}]}",
                "{'name':'a','limits':{'requests_per_minute':1.5}}",
                "{'name':null}"
            })
    void doesNotShowWhatItWouldChange(String definition) {
        assertThat(DefinitionForm.of(PolicyName.Kind.CLIENT).shows(json(definition)))
                .isFalse();
    }

    @Test
    void showsWhatIsWrongBesideTheField() {
        String problems =
                "client/a: limits: concurrent_requests: must be 1; client/a: budgets: item 2: amount: is missing;"
                        + " client/a: budgets: item 2: has the period of an earlier item; client/a: models: item 3: must be a name";
        var values = DefinitionForm.values(json("{'budgets':[" + BUDGET + "," + BUDGET + "]}"));
        var fields = all(DefinitionForm.of(PolicyName.Kind.CLIENT).fields(values, problems));
        assertThat(fields.filter(field -> !field.problem().isEmpty())
                        .map(field -> field.name() + " " + field.problem()))
                .containsExactlyInAnyOrder(
                        "limits.concurrent_requests must be 1",
                        "budgets.1.amount is missing",
                        "budgets.1 has the period of an earlier item",
                        "models item 3: must be a name");
    }

    /** They count the budgets that the fields make. */
    @Test
    void keepsABudgetBehindOneThatWasEmptied() {
        var typed = Map.of("budgets.0.amount", " ", "budgets.1.amount", "5", "budgets.1.period", "day");
        var fields = all(
                DefinitionForm.of(PolicyName.Kind.CLIENT).fields(typed, "client/a: budgets: item 1: amount: is odd"));
        assertThat(fields.filter(field ->
                                field.name().startsWith("budgets.") && !(field.value() + field.problem()).isEmpty())
                        .map(field -> field.name() + " " + field.value() + " " + field.problem()))
                .containsExactly("budgets.0.amount 5 is odd", "budgets.0.period day ");
    }
}
