package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.RequestTarget;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyKind;
import dev.warder.policy.PolicyName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PageTargetTest {
    @Test
    void findsThePageOfEachPath() {
        assertThat(PageTarget.of("/admin/clients")).contains(new PageTarget.Objects(PolicyKind.CLIENT));
        assertThat(PageTarget.of("/admin/teams/blue"))
                .contains(new PageTarget.OneObject(new PolicyName(PolicyKind.TEAM, "blue")));
        assertThat(PageTarget.of("/admin/organization"))
                .contains(new PageTarget.OneObject(new PolicyName(PolicyKind.ORGANIZATION, "")));
        assertThat(PageTarget.of("/admin/new/client")).contains(new PageTarget.NewObject(PolicyKind.CLIENT));
        assertThat(PageTarget.of("/admin/tokens/abcdefgh")).contains(new PageTarget.OneToken("abcdefgh"));
        assertThat(PageTarget.of("/admin/audit")).contains(new PageTarget.Audit());
        for (var path : List.of(
                "/admin",
                "/admin/",
                "/admin/client",
                "/admin/clients/",
                "/admin/new/",
                "/admin/new/organization",
                "/admin/import",
                "/admin/budgets",
                "/admin/api/clients",
                "/clients")) {
            assertThat(PageTarget.of(path)).as(path).isEmpty();
        }
    }

    /** Each name has an address that leads to it, also those that a path cannot have. */
    @Test
    void leadsToEachName() {
        for (var name : List.of(
                "ada",
                "a.b",
                "ada.",
                "linus@example.com",
                "project:x=1",
                "claude-opus*",
                "eu/claude",
                "a//b",
                "../x",
                "a%2Fb",
                "a?b#c",
                "a\\b",
                "a;b",
                "\u00e4",
                "a b",
                "</script>",
                "%")) {
            var one = new PageTarget.OneObject(new PolicyName(PolicyKind.MODEL, name));
            String reference = one.reference();
            assertThat(reference).as(name).matches("models[/?][!-~]+");
            int query = reference.indexOf('?');
            String path = "/admin/" + (query < 0 ? reference : reference.substring(0, query));
            assertThat(RequestTarget.parse(path, Optional.empty(), "")).as(name).isPresent();
            String parameter = query < 0
                    ? ""
                    : dev.warder.http.Form.parse(reference.substring(query + 1))
                            .orElseThrow()
                            .value(PageTarget.NAME);
            assertThat(PageTarget.of(path).map(page -> page.named(parameter)))
                    .as(name)
                    .contains(one);
        }
    }

    @Nested
    class PrettyJsonTest {
        private static String json(String text) {
            return text.replace('\'', '"');
        }

        @Test
        void putsEachMemberOnALineAndShortValuesOnOne() {
            assertThat(PrettyJson.of(
                            json("{'name':'ada','teams':['a','b'],'limits':{'requests_per_minute':60},'none':{}}")))
                    .isEqualTo(
                            json(
                                    """
                                    {
                                      'name': 'ada',
                                      'teams': ['a', 'b'],
                                      'limits': {'requests_per_minute': 60},
                                      'none': {}
                                    }"""));
            assertThat(PrettyJson.of("{}")).isEqualTo("{}");
        }

        @Test
        void breaksLongValues() {
            String budget = "{'amount':'1000','period':'month','zone':'Europe/Berlin','mode':'enforce'}";
            assertThat(PrettyJson.of(json("{'budgets':[" + budget + "," + budget + "]}")))
                    .startsWith(json("{\n  'budgets': [\n    {'amount': '1000', 'period': 'month', "))
                    .endsWith(json("'mode': 'enforce'}\n  ]\n}"));
        }

        /** What a page shows and a browser sends is what there was. */
        @Test
        void keepsWhatCannotBeSeen() {
            var hostile = JsonTree.newObject()
                    .add("external_id", "a\u202e\u200db\u0000\r\n\t\"\\ \ud83d\ude00 \udb40\udc01 </textarea>&amp;")
                    .build();
            String pretty = PrettyJson.of(hostile);
            assertThat(pretty).contains("\\u202e\\u200d", "\\udb40\\udc01");
            assertThat(Templates.of("error", pretty)).doesNotContain("\ufffd", "</textarea>");
            assertThat(JsonTree.parseObject(pretty)).contains(hostile);
            assertThat(JsonTree.parseObject(PrettyJson.visible(pretty.replace("\n", "\r\n"))))
                    .contains(hostile);
        }

        @Test
        void showsATextThatIsNoObjectAsItIs() {
            assertThat(PrettyJson.of("[not json\r\n")).isEqualTo("[not json\n");
        }
    }
}
