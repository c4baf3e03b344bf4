package dev.warder.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.RequestTarget;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PageTargetTest {
    /** A link to an object leads to a path that the gateway accepts, also where its name cannot be in one. */
    @Test
    void refersToEachNameByACanonicalPath() {
        for (var name : List.of("ada", "ada.", "eu/claude", "a//b", "../x", "a%2Fb", "a?b#c", "a;b", "\u00e4", "%")) {
            String reference =
                    PageTarget.of(new PolicyName(PolicyName.Kind.MODEL, name)).reference();
            assertThat(reference).as(name).matches("models[/?][!-~]+");
            String path = "/admin/" + reference.replaceFirst("\\?.*", "");
            assertThat(RequestTarget.parse(path, Optional.empty(), "")).as(name).isPresent();
        }
    }

    @Nested
    class PrettyJsonTest {
        private static String json(String text) {
            return text.replace('\'', '"');
        }

        @Test
        void putsEachMemberAndItemOnALine() {
            assertThat(PrettyJson.of(json("{'name':'ada','teams':['a','b'],'none':{}}"))
                            .lines()
                            .map(String::strip))
                    .containsExactly(
                            json("{"),
                            json("'name': 'ada',"),
                            json("'teams': ["),
                            json("'a',"),
                            json("'b'"),
                            "],",
                            json("'none': {"),
                            "}",
                            "}");
            assertThat(PrettyJson.of("7")).isEqualTo("7");
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
